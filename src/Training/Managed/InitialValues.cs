namespace SlungOrleans.Training.Managed;

/// <summary>
/// Initial values as GPT-2's (Radford et al., 2019): matrices normal with standard deviation 0.02, those that end in the residual stream
/// (o_proj and down_proj) divided by sqrt(2 × layers); norms' weights 1. Each parameter has a random stream of its own, named after it, so
/// that its values do not depend on the other parameters. They come in row-major order.
/// </summary>
internal readonly struct InitialValues(ParameterDescription parameter, int layers, ulong seed)
{
    private const double StandardDeviation = 0.02;

    private readonly bool _isMatrix = parameter.Decays;
    private readonly double _deviation = StandardDeviation / (EndsInResidualStream(parameter) ? Math.Sqrt(2.0 * layers) : 1);
    private readonly RandomStream _stream = new(seed, $"initial-values/{parameter.Name}", 0);

    /// <summary>The values after those that were taken before.</summary>
    internal void Take(Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _isMatrix ? (float)(_deviation * _stream.NextGaussian()) : 1;
        }
    }

    private static bool EndsInResidualStream(ParameterDescription parameter) =>
        parameter.Name.EndsWith(".o_proj.weight", StringComparison.Ordinal) || parameter.Name.EndsWith(".down_proj.weight", StringComparison.Ordinal);
}
