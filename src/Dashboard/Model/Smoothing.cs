namespace SlungOrleans.Dashboard.Model;

/// <summary>
/// Exponential moving average that starts at the first value, not at zero: s(t) = w s(t-1) + (1 - w) x(t), divided by 1 - w^t (the correction of
/// Kingma and Ba, "Adam", section 3).
/// </summary>
internal static class Smoothing
{
    /// <summary>Largest weight; 1 would keep the first value for ever.</summary>
    public const double MostWeight = 0.999;

    /// <summary>Smooths. What is not finite stays as it is and is passed over.</summary>
    /// <param name="values">The values.</param>
    /// <param name="weight">Weight of the past, 0 (nothing changes) to <see cref="MostWeight"/>.</param>
    public static double[] Debiased(IReadOnlyList<double> values, double weight)
    {
        if (weight is not (>= 0 and <= MostWeight))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, $"The weight of the past is 0 to {MostWeight}.");
        }

        var smooth = new double[values.Count];
        double sum = 0;
        double remaining = 1;
        for (var i = 0; i < smooth.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                sum = (weight * sum) + ((1 - weight) * values[i]);
                remaining *= weight;
                smooth[i] = sum / (1 - remaining);
            }
            else
            {
                smooth[i] = values[i];
            }
        }

        return smooth;
    }
}
