using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) as in PyTorch over the flat tensors, in few slices, whatever the number of parameters:
/// w ← (1 - ηλ) w; m ← β₁ m + (1 - β₁) g; v ← β₂ v + (1 - β₂) g²; w ← w - η / (1 - β₁ᵗ) · m / (sqrt(v) / sqrt(1 - β₂ᵗ) + ε).
/// </summary>
internal static class FlatAdamW
{
    /// <summary>Elements whose intermediate results are kept at a time.</summary>
    internal const long SliceLength = 64 * 1024 * 1024;

    /// <summary>The sum of the squares of all gradients.</summary>
    internal static double SumOfSquares(FlatTensors tensors, long sliceLength = SliceLength)
    {
        using var scope = NewDisposeScope();
        Tensor gradients = tensors[TensorKind.Gradient], sum = zeros(1, ScalarType.Float64, gradients.device);
        foreach ((long start, long count) in Slices(0, tensors.Layout.Length, sliceLength))
        {
            using var slice = NewDisposeScope();
            Tensor values = gradients.narrow(0, start, count);
            sum.add_(values.mul(values).sum(ScalarType.Float64));
        }

        return sum.item<double>();
    }

    /// <summary>One step.</summary>
    /// <param name="tensors">Weights, gradients, moments.</param>
    /// <param name="settings">AdamW's settings.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="step">t, from 1.</param>
    /// <param name="gradientScale">What gradients are multiplied by first.</param>
    /// <param name="sliceLength">Elements at a time.</param>
    internal static void Update(
        FlatTensors tensors, AdamWSettings settings, double learningRate, long step, double gradientScale, long sliceLength = SliceLength)
    {
        long matrices = tensors.Layout.MatricesLength;
        double keep = 1 - (learningRate * settings.WeightDecay);
        double stepSize = learningRate / (1 - Math.Pow(settings.Beta1, step)), scale = 1 / Math.Sqrt(1 - Math.Pow(settings.Beta2, step));
        long embeddings = tensors.Layout.Layers[0].QueryKeyValue.Offset;
        foreach ((long start, long count) in Slices(0, embeddings, sliceLength).Concat(Slices(embeddings, matrices, sliceLength)).Concat(Slices(matrices, tensors.Layout.Length, sliceLength)))
        {
            using var scope = NewDisposeScope();
            Tensor weights = Part(TensorKind.Weight), gradients = Part(TensorKind.Gradient), first = Part(TensorKind.FirstMoment), second = Part(TensorKind.SecondMoment);
            first.mul_(settings.Beta1).add_(gradients, (1 - settings.Beta1) * gradientScale);
            second.mul_(settings.Beta2).addcmul_(gradients, gradients, (1 - settings.Beta2) * gradientScale * gradientScale);
            if (start < matrices && (start >= embeddings || settings.DecayEmbeddings))
            {
                weights.mul_(keep);
            }

            weights.addcdiv_(first, second.sqrt().mul_(scale).add_(settings.Epsilon), -stepSize);

            Tensor Part(TensorKind kind) => tensors[kind].narrow(0, start, count);
        }

        tensors.NoteChange();
    }

    private static IEnumerable<(long Start, long Count)> Slices(long from, long to, long length)
    {
        for (long start = from; start < to; start += length)
        {
            yield return (start, Math.Min(length, to - start));
        }
    }
}
