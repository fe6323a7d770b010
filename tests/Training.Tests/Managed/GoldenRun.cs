using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SlungOrleans.Training.Tests.Managed;

/// <summary>A small run of every arm's routing, whose losses are kept to the bit.</summary>
internal static class GoldenRun
{
    /// <summary>The arm, the step, the loss (to the bit), the gradients' norm (to the bit); at the end of an arm the weights' SHA-256.</summary>
    internal static IEnumerable<string> Lines(int threads)
    {
        (string Arm, LossRouting Routing, NormKind Norm, bool Tied)[] arms =
        [
            ("full", LossRouting.CrossEntropyEverywhere, NormKind.Rms, false),
            ("masked", LossRouting.Masked(), NormKind.NonParametricLayerNorm, true),
            ("unlikelihood", LossRouting.UnlikelihoodOnHighRisk(), NormKind.Rms, true),
        ];
        foreach ((string arm, LossRouting routing, NormKind norm, bool tied) in arms)
        {
            ModelDescription description = Samples.Description(vocabulary: 300, hidden: 48, heads: 3, feedForward: 100, norm: norm, tied: tied);
            using ITrainableModel model = new ManagedEngine().Create(description, threads);
            model.Initialise(11);
            for (int step = 1; step <= 5; step++)
            {
                double loss = model.ComputeGradients(Samples.Batch(description, 6, 37, (ulong)step), routing).Total;
                double gradientNorm = model.ClipGradients(0.5);
                model.Update(new AdamWSettings(), 0.003, step);
                yield return string.Create(CultureInfo.InvariantCulture, $"{arm} {step} {loss:R} {gradientNorm:R}");
            }

            yield return $"{arm} {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(model.ReadAll(TensorKind.Weight))))}";
        }
    }
}
