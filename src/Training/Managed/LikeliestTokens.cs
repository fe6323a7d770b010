using System.Numerics;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// The k largest of many logits. The k-th largest of the maxima of groups is a threshold that k logits reach at least, and few more: only
/// those are sorted.
/// </summary>
internal sealed class LikeliestTokens
{
    /// <summary>So many more groups than tokens are wanted that two of the wanted rarely share one.</summary>
    private const int GroupsPerToken = 4;

    /// <summary>Halvings of the range of the maxima: then few lie between the threshold and the k-th of them.</summary>
    private const int Halvings = 16;

    private readonly int _wanted;
    private readonly int _vectorsPerGroup;
    private readonly float[] _maxima;
    private readonly ulong[] _found;
    private readonly int[] _tokens;

    /// <param name="wanted">How many tokens, below the vocabulary's size.</param>
    /// <param name="vocabulary">Tokens in all.</param>
    internal LikeliestTokens(int wanted, int vocabulary)
    {
        _wanted = wanted;
        int vectors = Lanes.Pad(vocabulary) / Lanes.Width, groups = (wanted * GroupsPerToken / Lanes.Width) + 1;
        _vectorsPerGroup = Math.Max(1, vectors / groups);
        _maxima = new float[(vectors + _vectorsPerGroup - 1) / _vectorsPerGroup * Lanes.Width];
        _found = new ulong[vocabulary];
        _tokens = new int[wanted];
    }

    /// <summary>The k likeliest tokens, the likeliest first; of equal logits the lowest token.</summary>
    /// <param name="logits">The logits, whole vectors; what fills the last one is negative infinity.</param>
    internal ReadOnlySpan<int> Find(float[] logits)
    {
        for (int i = 0, group = 0; i < logits.Length; group += Lanes.Width)
        {
            Vector512<float> largest = Vector512.LoadUnsafe(ref logits[i]);
            int end = Math.Min(logits.Length, i + (_vectorsPerGroup * Lanes.Width));
            for (i += Lanes.Width; i < end; i += Lanes.Width)
            {
                largest = Vector512.MaxNative(largest, Vector512.LoadUnsafe(ref logits[i]));
            }

            largest.CopyTo(_maxima, group);
        }

        int found = Collect(logits, Threshold());
        _found.AsSpan(0, found).Sort();
        int count = Math.Min(found, _wanted);
        for (int i = 0; i < count; i++)
        {
            _tokens[i] = (int)(uint)_found[i];
        }

        // None is found where the logits are not numbers; then any token is as good.
        return count == 0 ? _tokens.AsSpan(0, 1) : _tokens.AsSpan(0, count);
    }

    /// <summary>A value that as many maxima reach as tokens are wanted, and hardly more.</summary>
    private float Threshold()
    {
        Vector512<float> least = Vector512<float>.Zero, most = Vector512.Create(float.NegativeInfinity);
        for (int i = 0; i < _maxima.Length; i += Lanes.Width)
        {
            Vector512<float> maxima = Vector512.LoadUnsafe(ref _maxima[i]);
            least = Vector512.MinNative(least, Vector512.ConditionalSelect(Vector512.Equals(maxima, Vector512.Create(float.NegativeInfinity)), least, maxima));
            most = Vector512.MaxNative(most, maxima);
        }

        float below = -Lanes.Max(-least), above = Lanes.Max(most);
        if (CountFrom(below) < _wanted)
        {
            return float.NegativeInfinity;
        }

        for (int halving = 0; halving < Halvings; halving++)
        {
            float middle = below + ((above - below) / 2);
            if (CountFrom(middle) >= _wanted)
            {
                below = middle;
            }
            else
            {
                above = middle;
            }
        }

        return below;
    }

    private int CountFrom(float threshold)
    {
        Vector512<float> thresholds = Vector512.Create(threshold);
        int count = 0;
        for (int i = 0; i < _maxima.Length; i += Lanes.Width)
        {
            count += BitOperations.PopCount(Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref _maxima[i]), thresholds).ExtractMostSignificantBits());
        }

        return count;
    }

    /// <summary>Keeps the tokens that reach the threshold, as numbers that sort by falling logit and then by rising token.</summary>
    private int Collect(float[] logits, float threshold)
    {
        Vector512<float> thresholds = Vector512.Create(threshold);
        int found = 0;
        for (int i = 0; i < logits.Length; i += Lanes.Width)
        {
            ulong reached = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref logits[i]), thresholds).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                int token = i + BitOperations.TrailingZeroCount(reached);
                if (token < _found.Length)
                {
                    // Adding 0 makes of -0 a 0, to which it is equal.
                    int bits = BitConverter.SingleToInt32Bits(logits[token] + 0f);
                    uint rising = (uint)bits ^ (bits < 0 ? uint.MaxValue : 0x8000_0000u);
                    _found[found++] = ((ulong)~rising << 32) | (uint)token;
                }
            }
        }

        return found;
    }
}
