using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// The losses of SLUNG (arXiv 2505.03052) on one target, in log-sum-exp form: finite for every probability, with the gradient of the
/// logits in their place.
/// </summary>
internal static unsafe class SelectiveLoss
{
    /// <summary>-log p = lse - z_y; dz = weight (p - [j = y]).</summary>
    /// <param name="logits">z, padded to whole vectors; receives the gradient, zeros in the pads.</param>
    /// <param name="vocabulary">How many logits.</param>
    /// <param name="target">y.</param>
    /// <param name="weight">Weight of the target.</param>
    internal static double CrossEntropy(float* logits, int vocabulary, int target, float weight)
    {
        double targetLogit = logits[target];
        float sum = Exponentials(logits, vocabulary, out float maximum);
        VectorOperations.Scale(logits, vocabulary, weight / sum);
        logits[target] -= weight;
        return maximum + Math.Log(sum) - targetLogit;
    }

    /// <summary>
    /// -log(1 - p) (Welleck et al., arXiv 1908.04319). With u = z_y - log-sum-exp of the other logits, p = sigmoid(u), so that the loss is
    /// softplus(u), dz_y = p, and dz_j = -p times the softmax over the others (which is -p_y p_j / (1 - p_y) without a difference from 1).
    /// </summary>
    /// <param name="logits">z, padded to whole vectors; receives the gradient, zeros in the pads.</param>
    /// <param name="vocabulary">How many logits; at least 2.</param>
    /// <param name="target">y.</param>
    /// <param name="weight">Weight of the target.</param>
    /// <param name="floor">The smallest 1 - p, below which there is no gradient; 0 for none.</param>
    internal static double Unlikelihood(float* logits, int vocabulary, int target, float weight, double floor)
    {
        double targetLogit = logits[target];
        logits[target] = float.MinValue;
        float sum = Exponentials(logits, vocabulary, out float maximum);
        double u = targetLogit - (maximum + Math.Log(sum));
        double loss = Softplus(u), largest = -Math.Log(floor);
        if (loss > largest)
        {
            VectorOperations.Scale(logits, vocabulary, 0);
            return largest;
        }

        double p = 1 / (1 + Math.Exp(-u));
        VectorOperations.Scale(logits, vocabulary, (float)(-weight * p / sum));
        logits[target] = (float)(weight * p);
        return loss;
    }

    /// <summary>log p; exponentials take the logits' place.</summary>
    internal static double LogProbability(float* logits, int vocabulary, int target)
    {
        double targetLogit = logits[target];
        float sum = Exponentials(logits, vocabulary, out float maximum);
        return targetLogit - (maximum + Math.Log(sum));
    }

    /// <summary>log(1 + e^u), to full precision also where e^u is small (Kahan's log1p).</summary>
    private static double Softplus(double u)
    {
        double small = Math.Exp(-Math.Abs(u)), onePlus = 1 + small;
        double logarithm = onePlus == 1 ? small : Math.Log(onePlus) * small / (onePlus - 1);
        return Math.Max(u, 0) + logarithm;
    }

    /// <summary>Puts exp(z - maximum) in the place of z and zeros in the pads; returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials(float* logits, int vocabulary, out float maximum)
    {
        int last = (vocabulary - 1) & -Lanes.Width;
        Vector512<float> inLast = Lanes.First(vocabulary - last);
        Vector512<float> lastLogits = Vector512.Load(logits + last);
        Vector512<float> largest = Vector512.ConditionalSelect(inLast, lastLogits, Vector512.Create(float.MinValue));
        for (int i = 0; i < last; i += Lanes.Width)
        {
            largest = Vector512.MaxNative(largest, Vector512.Load(logits + i));
        }

        maximum = Lanes.Max(largest);
        Vector512<float> subtract = Vector512.Create(maximum);
        Vector512<float> lastExponentials = Lanes.Exp(lastLogits - subtract) & inLast;
        Vector512<float> sum = lastExponentials;
        for (int i = 0; i < last; i += Lanes.Width)
        {
            Vector512<float> exponentials = Lanes.Exp(Vector512.Load(logits + i) - subtract);
            sum += exponentials;
            Vector512.Store(exponentials, logits + i);
        }

        Vector512.Store(lastExponentials, logits + last);
        return Lanes.Sum(sum);
    }
}
