namespace SlungOrleans.Training.Managed;

/// <summary>
/// Initial values as GPT-2's (Radford et al., 2019): matrices normal with standard deviation 0.02, those that end in the residual stream
/// (o_proj and down_proj) divided by sqrt(2 × layers); norms' weights 1. Each parameter has a random stream of its own, named after it, so
/// that its values do not depend on the other parameters.
/// </summary>
internal static class InitialValues
{
    private const double StandardDeviation = 0.02;

    internal static void Fill(ParameterDescription parameter, int layers, ulong seed, Span<float> values)
    {
        if (parameter.Shape.Count == 1)
        {
            values.Fill(1);
            return;
        }

        bool residual = parameter.Name.EndsWith(".o_proj.weight", StringComparison.Ordinal) || parameter.Name.EndsWith(".down_proj.weight", StringComparison.Ordinal);
        double deviation = residual ? StandardDeviation / Math.Sqrt(2.0 * layers) : StandardDeviation;
        var stream = new RandomStream(seed, $"initial-values/{parameter.Name}", 0);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(deviation * stream.NextGaussian());
        }
    }
}
