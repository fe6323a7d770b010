using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>Softmax over the keys that a query may see, and its gradient, in place. Only the log-sum-exp is kept (Dao et al., arXiv 2205.14135).</summary>
internal static unsafe class CausalSoftmax
{
    /// <summary>Puts exp(scale · s - maximum) in the place of the first <paramref name="visible"/> scores and zeros in the others.</summary>
    /// <param name="scores">Scores of a query.</param>
    /// <param name="visible">How many it may see.</param>
    /// <param name="padded">How many there are, whole vectors.</param>
    /// <param name="scale">1 / sqrt(head size).</param>
    /// <param name="sum">Their sum.</param>
    /// <returns>log of the sum of exp(scale · s).</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Forward(float* scores, int visible, int padded, float scale, out float sum)
    {
        int whole = visible & -Lanes.Width;
        Vector512<float> inLast = Lanes.First(visible - whole);
        Vector512<float> largest = Vector512.Create(float.MinValue);
        for (int i = 0; i < whole; i += Lanes.Width)
        {
            largest = Vector512.MaxNative(largest, Vector512.Load(scores + i));
        }

        if (whole < visible)
        {
            largest = Vector512.MaxNative(largest, Vector512.ConditionalSelect(inLast, Vector512.Load(scores + whole), Vector512.Create(float.MinValue)));
        }

        float maximum = Lanes.Max(largest) * scale;
        Vector512<float> minus = Vector512.Create(-maximum), scaleVector = Vector512.Create(scale), sums = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += Lanes.Width)
        {
            Vector512<float> exponential = Lanes.Exp(Vector512.FusedMultiplyAdd(Vector512.Load(scores + i), scaleVector, minus));
            sums += exponential;
            Vector512.Store(exponential, scores + i);
        }

        if (whole < visible)
        {
            Vector512<float> exponential = Lanes.Exp(Vector512.FusedMultiplyAdd(Vector512.Load(scores + whole), scaleVector, minus)) & inLast;
            sums += exponential;
            Vector512.Store(exponential, scores + whole);
            whole += Lanes.Width;
        }

        for (int i = whole; i < padded; i += Lanes.Width)
        {
            Vector512.Store(Vector512<float>.Zero, scores + i);
        }

        sum = Lanes.Sum(sums);
        return maximum + MathF.Log(sum);
    }

    /// <summary>Puts p = exp(scale · s - lse) in the place of the scores and ds = scale · p (dp - Σ p dp) in the place of dp.</summary>
    /// <param name="scores">Scores of a query.</param>
    /// <param name="gradients">dp.</param>
    /// <param name="visible">How many keys it may see.</param>
    /// <param name="padded">How many there are, whole vectors.</param>
    /// <param name="scale">1 / sqrt(head size).</param>
    /// <param name="logSumExp">What the forward pass returned.</param>
    /// <param name="expected">Σ p dp, the product of the head's output and its gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(float* scores, float* gradients, int visible, int padded, float scale, float logSumExp, float expected)
    {
        int whole = visible & -Lanes.Width;
        Vector512<float> minus = Vector512.Create(-logSumExp), mean = Vector512.Create(expected), scaleVector = Vector512.Create(scale);
        for (int i = 0; i < whole; i += Lanes.Width)
        {
            Vector512<float> p = Lanes.Exp(Vector512.FusedMultiplyAdd(Vector512.Load(scores + i), scaleVector, minus));
            Vector512.Store(p, scores + i);
            Vector512.Store(p * (Vector512.Load(gradients + i) - mean) * scaleVector, gradients + i);
        }

        if (whole < visible)
        {
            Vector512<float> inLast = Lanes.First(visible - whole);
            Vector512<float> p = Lanes.Exp(Vector512.FusedMultiplyAdd(Vector512.Load(scores + whole), scaleVector, minus)) & inLast;
            Vector512.Store(p, scores + whole);
            Vector512.Store((p * (Vector512.Load(gradients + whole) - mean) * scaleVector) & inLast, gradients + whole);
            whole += Lanes.Width;
        }

        for (int i = whole; i < padded; i += Lanes.Width)
        {
            Vector512.Store(Vector512<float>.Zero, scores + i);
            Vector512.Store(Vector512<float>.Zero, gradients + i);
        }
    }
}
