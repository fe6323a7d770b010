using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>How far two engines are from each other.</summary>
internal static class Agreement
{
    internal static LossRouting Routing(string arm) => arm switch
    {
        "full" => LossRouting.CrossEntropyEverywhere,
        "masked" => LossRouting.Masked(),
        "masked-binary" => LossRouting.Masked(maskMiddle: false),
        "unlikelihood" => LossRouting.UnlikelihoodOnHighRisk(),
        "unlikelihood-floor" => LossRouting.UnlikelihoodOnHighRisk(LossKind.None, floor: 0.9),
        _ => throw new ArgumentException($"There is no arm '{arm}'.", nameof(arm)),
    };

    /// <summary>|a - b| / |b| in the Euclidean norm.</summary>
    internal static double Distance(float[] actual, float[] expected)
    {
        double difference = 0, length = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += ((double)actual[i] - expected[i]) * ((double)actual[i] - expected[i]);
            length += (double)expected[i] * expected[i];
        }

        return length == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / length);
    }

    /// <summary>Loss and gradients of a batch are those of the managed engine, within the bounds that the engines promise each other in single precision.</summary>
    internal static void EnsureSameGradients(ITrainableModel expected, ITrainableModel actual, TokenBatch batch, LossRouting routing, double gradientBound = 1e-5)
    {
        BatchLoss ours = expected.ComputeGradients(batch, routing), theirs = actual.ComputeGradients(batch, routing);
        Assert.Equal((ours.CrossEntropyTokens, ours.UnlikelihoodTokens, ours.Denominator), (theirs.CrossEntropyTokens, theirs.UnlikelihoodTokens, theirs.Denominator));
        Assert.Equal(ours.Total, theirs.Total, 1e-6 * Math.Max(1, ours.Total));
        foreach (ParameterDescription parameter in expected.Parameters)
        {
            double distance = Distance(actual.Read(parameter.Name, TensorKind.Gradient), expected.Read(parameter.Name, TensorKind.Gradient));
            Assert.True(distance < gradientBound, $"The gradients of {parameter.Name} are {distance:E1} (relative) from the managed engine's.");
        }
    }
}
