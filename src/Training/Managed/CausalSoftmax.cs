using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// Softmax of a block of queries over the keys that each may see, and its gradient, in place. Of the forward pass only the maximum and
/// the inverse of the sum are kept, from which the backward pass has the probabilities again (after Dao et al., arXiv 2205.14135).
/// </summary>
internal static unsafe class CausalSoftmax
{
    /// <summary>Puts exp(scale · s - maximum) in the place of visible scores, zeros in that of the others.</summary>
    /// <param name="scores">Scores, a row per query.</param>
    /// <param name="stride">From a row to the next.</param>
    /// <param name="rows">How many queries.</param>
    /// <param name="visible">Keys that the first one may see; each sees one more than the one before.</param>
    /// <param name="padded">Keys in a row, whole vectors.</param>
    /// <param name="scale">1 / sqrt(head size).</param>
    /// <param name="maxima">Receives each row's largest scale · s.</param>
    /// <param name="inverseSums">Receives each row's 1 / sum.</param>
    /// <param name="starts">For each row the position of the first key that it may see; null where that is the very first.</param>
    /// <param name="origin">The position of the first key in the rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(
        float* scores, nint stride, int rows, int visible, int padded, float scale, float* maxima, float* inverseSums, int* starts, int origin)
    {
        Vector512<float> scales = Vector512.Create(scale);
        Maxima(scores, stride, rows, visible, maxima, starts, origin);
        for (int row = 0; row < rows; row++, visible++, scores += stride)
        {
            (int first, Vector512<float> inFirst, int last, Vector512<float> inLast) = Visible(starts == null ? 0 : starts[row] - origin, visible);
            maxima[row] *= scale;
            Vector512<float> minus = Vector512.Create(-maxima[row]);
            Vector512<float> sum = Lanes.Exp(Vector512.MultiplyAddEstimate(Vector512.Load(scores + last), scales, minus)) & inLast;
            Vector512.Store(sum, scores + last);
            if (first < last)
            {
                Vector512<float> exponentials = Lanes.Exp(Vector512.MultiplyAddEstimate(Vector512.Load(scores + first), scales, minus)) & inFirst;
                sum += exponentials;
                Vector512.Store(exponentials, scores + first);
            }

            for (int i = first + Lanes.Width; i < last; i += Lanes.Width)
            {
                Vector512<float> exponentials = Lanes.Exp(Vector512.MultiplyAddEstimate(Vector512.Load(scores + i), scales, minus));
                sum += exponentials;
                Vector512.Store(exponentials, scores + i);
            }

            Clear(scores, first, last, padded);
            inverseSums[row] = 1 / Lanes.Sum(sum);
        }
    }

    /// <summary>Each row's largest visible score. All rows' before the first exponential, which would else wait for its own row's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Maxima(float* scores, nint stride, int rows, int visible, float* maxima, int* starts, int origin)
    {
        Vector512<float> least = Vector512.Create(float.MinValue);
        for (int row = 0; row < rows; row++, visible++, scores += stride)
        {
            (int first, Vector512<float> inFirst, int last, Vector512<float> inLast) = Visible(starts == null ? 0 : starts[row] - origin, visible);
            Vector512<float> largest = Vector512.ConditionalSelect(inLast, Vector512.Load(scores + last), least);
            if (first < last)
            {
                largest = Vector512.MaxNative(largest, Vector512.ConditionalSelect(inFirst, Vector512.Load(scores + first), least));
            }

            for (int i = first + Lanes.Width; i < last; i += Lanes.Width)
            {
                largest = Vector512.MaxNative(largest, Vector512.Load(scores + i));
            }

            maxima[row] = Lanes.Max(largest);
        }
    }

    /// <summary>Puts p in the place of the scores and ds = scale · p (dp - Σ p dp) in the place of dp.</summary>
    /// <param name="scores">Scores, a row per query.</param>
    /// <param name="gradients">dp, of the same stride.</param>
    /// <param name="stride">From a row to the next.</param>
    /// <param name="rows">How many queries.</param>
    /// <param name="visible">Keys that the first one may see.</param>
    /// <param name="padded">Keys in a row, whole vectors.</param>
    /// <param name="scale">1 / sqrt(head size).</param>
    /// <param name="maxima">What the forward pass gave.</param>
    /// <param name="inverseSums">What the forward pass gave.</param>
    /// <param name="expected">Σ p dp of each row: the product of the head's output and its gradient.</param>
    /// <param name="starts">For each row the position of the first key that it may see; null where that is the very first.</param>
    /// <param name="origin">The position of the first key in the rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(
        float* scores, float* gradients, nint stride, int rows, int visible, int padded, float scale, float* maxima, float* inverseSums, float* expected,
        int* starts, int origin)
    {
        Vector512<float> scales = Vector512.Create(scale);
        for (int row = 0; row < rows; row++, visible++, scores += stride, gradients += stride)
        {
            (int first, Vector512<float> inFirst, int last, Vector512<float> inLast) = Visible(starts == null ? 0 : starts[row] - origin, visible);
            Vector512<float> minus = Vector512.Create(-maxima[row]), inverseSum = Vector512.Create(inverseSums[row]), mean = Vector512.Create(expected[row]);
            for (int i = first; i <= last; i += Lanes.Width)
            {
                Vector512<float> p = Lanes.Exp(Vector512.MultiplyAddEstimate(Vector512.Load(scores + i), scales, minus)) * inverseSum;
                Vector512<float> gradient = p * (Vector512.Load(gradients + i) - mean) * scales;
                if (i == first || i == last)
                {
                    Vector512<float> seen = i == last ? inLast : inFirst;
                    p &= seen;
                    gradient &= seen;
                }

                Vector512.Store(p, scores + i);
                Vector512.Store(gradient, gradients + i);
            }

            Clear(scores, first, last, padded);
            Clear(gradients, first, last, padded);
        }
    }

    /// <summary>The first and the last vector of a row in which there is something to be seen, and what of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int First, Vector512<float> InFirst, int Last, Vector512<float> InLast) Visible(int start, int end)
    {
        int first = start & -Lanes.Width, last = (end - 1) & -Lanes.Width;
        Vector512<float> inFirst = ~Lanes.First(start - first), inLast = Lanes.First(end - last);
        return (first, inFirst, last, first == last ? inLast & inFirst : inLast);
    }

    /// <summary>Zeros before and after what is seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* row, int first, int last, int padded)
    {
        for (int i = 0; i < first; i += Lanes.Width)
        {
            Vector512.Store(Vector512<float>.Zero, row + i);
        }

        for (int i = last + Lanes.Width; i < padded; i += Lanes.Width)
        {
            Vector512.Store(Vector512<float>.Zero, row + i);
        }
    }
}
