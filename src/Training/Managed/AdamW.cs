using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) as in PyTorch: w ← (1 - ηλ) w; m ← β₁ m + (1 - β₁) g; v ← β₂ v + (1 - β₂) g²;
/// w ← w - η / (1 - β₁ᵗ) · m / (sqrt(v) / sqrt(1 - β₂ᵗ) + ε).
/// </summary>
internal readonly unsafe struct AdamW
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _oneMinusBeta1;
    private readonly float _oneMinusBeta2;
    private readonly float _epsilon;
    private readonly float _stepSize;
    private readonly float _secondMomentScale;
    private readonly float _keep;
    private readonly float _gradientScale;

    /// <summary>One step's constants; gradients are multiplied by a scale (of clipping) first.</summary>
    internal AdamW(AdamWSettings settings, double learningRate, long step, float gradientScale)
    {
        _gradientScale = gradientScale;
        _beta1 = (float)settings.Beta1;
        _beta2 = (float)settings.Beta2;
        _oneMinusBeta1 = (float)(1 - settings.Beta1);
        _oneMinusBeta2 = (float)(1 - settings.Beta2);
        _epsilon = (float)settings.Epsilon;
        _stepSize = (float)(-learningRate / (1 - Math.Pow(settings.Beta1, step)));
        _secondMomentScale = (float)(1 / Math.Sqrt(1 - Math.Pow(settings.Beta2, step)));
        _keep = (float)(1 - (learningRate * settings.WeightDecay));
    }

    /// <summary>Updates some weights, whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Update(float* weights, float* gradients, float* firstMoments, float* secondMoments, long count, bool decay)
    {
        Vector512<float> beta1 = Vector512.Create(_beta1), beta2 = Vector512.Create(_beta2), epsilon = Vector512.Create(_epsilon);
        Vector512<float> oneMinusBeta1 = Vector512.Create(_oneMinusBeta1), oneMinusBeta2 = Vector512.Create(_oneMinusBeta2);
        Vector512<float> stepSize = Vector512.Create(_stepSize), secondMomentScale = Vector512.Create(_secondMomentScale);
        Vector512<float> keep = Vector512.Create(decay ? _keep : 1), gradientScale = Vector512.Create(_gradientScale);
        for (long i = 0; i < count; i += Lanes.Width)
        {
            Vector512<float> gradient = Vector512.Load(gradients + i) * gradientScale;
            Vector512<float> first = Vector512.MultiplyAddEstimate(beta1, Vector512.Load(firstMoments + i), oneMinusBeta1 * gradient);
            Vector512<float> second = Vector512.MultiplyAddEstimate(beta2, Vector512.Load(secondMoments + i), oneMinusBeta2 * gradient * gradient);
            Vector512.Store(first, firstMoments + i);
            Vector512.Store(second, secondMoments + i);
            Vector512<float> denominator = Vector512.MultiplyAddEstimate(Vector512.Sqrt(second), secondMomentScale, epsilon);
            Vector512.Store(Vector512.MultiplyAddEstimate(stepSize, first / denominator, Vector512.Load(weights + i) * keep), weights + i);
        }
    }
}
