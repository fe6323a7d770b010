using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>Picks tokens from logits: the likeliest, or one at random in proportion to exp(logit / temperature) among the k likeliest.</summary>
internal sealed class Sampler
{
    private readonly SamplingSettings _settings;
    private readonly int _vocabulary;
    private readonly float[] _logits;
    private readonly LikeliestTokens? _likeliest;
    private readonly double[] _cumulative;

    internal Sampler(SamplingSettings settings, int vocabulary)
    {
        _settings = settings;
        _vocabulary = vocabulary;
        _logits = new float[Lanes.Pad(vocabulary)];
        _likeliest = settings.TopK > 0 && settings.TopK < vocabulary ? new LikeliestTokens(settings.TopK, vocabulary) : null;
        _cumulative = new double[_likeliest is null ? _logits.Length / Lanes.Width : settings.TopK];
    }

    /// <summary>Picks a token; at a temperature above 0 takes one number from the stream. Of equal logits the lowest token counts as likelier.</summary>
    internal int Pick(ReadOnlySpan<float> logits, RandomStream stream)
    {
        logits.CopyTo(_logits);
        _logits.AsSpan(_vocabulary).Fill(float.NegativeInfinity);
        if (_settings.Temperature == 0)
        {
            return Math.Max(0, Array.IndexOf(_logits, Largest()));
        }

        double point = stream.NextDouble();
        return _likeliest is null ? PickOfAll(point) : PickOf(_likeliest.Find(_logits), point);
    }

    private int PickOf(ReadOnlySpan<int> tokens, double point)
    {
        double largest = _logits[tokens[0]], sum = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            sum += Math.Exp((_logits[tokens[i]] - largest) / _settings.Temperature);
            _cumulative[i] = sum;
        }

        return tokens[Place(_cumulative.AsSpan(0, tokens.Length), point * sum)];
    }

    /// <summary>First which vector of tokens the point lies in, then which of its tokens.</summary>
    private int PickOfAll(double point)
    {
        Vector512<float> largest = Vector512.Create(Largest()), temperature = Vector512.Create(_settings.Temperature);
        double sum = 0;
        for (int i = 0; i < _logits.Length; i += Lanes.Width)
        {
            Vector512<float> exponentials = Lanes.Exp((Vector512.LoadUnsafe(ref _logits[i]) - largest) / temperature);
            exponentials.CopyTo(_logits, i);
            sum += Lanes.Sum(exponentials);
            _cumulative[i / Lanes.Width] = sum;
        }

        int vector = Place(_cumulative, point *= sum), token = vector * Lanes.Width, end = Math.Min(token + Lanes.Width, _vocabulary) - 1;
        for (double reached = vector > 0 ? _cumulative[vector - 1] : 0; token < end && point >= (reached += _logits[token]);)
        {
            token++;
        }

        return token;
    }

    /// <summary>The first place whose cumulative sum is above a point; the last one at the latest.</summary>
    private static int Place(ReadOnlySpan<double> cumulative, double point)
    {
        int place = 0;
        while (place < cumulative.Length - 1 && point >= cumulative[place])
        {
            place++;
        }

        return place;
    }

    private float Largest()
    {
        Vector512<float> largest = Vector512.LoadUnsafe(ref _logits[0]);
        for (int i = Lanes.Width; i < _logits.Length; i += Lanes.Width)
        {
            largest = Vector512.MaxNative(largest, Vector512.LoadUnsafe(ref _logits[i]));
        }

        return Lanes.Max(largest);
    }
}
