using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>What the band around a mean over seeds says.</summary>
public enum BandKind
{
    /// <summary>95 % interval of the mean (Student's t over seeds).</summary>
    Interval,

    /// <summary>One standard deviation to either side.</summary>
    Deviation,

    /// <summary>One standard error of the mean to either side.</summary>
    Error,

    /// <summary>From the lowest seed to the highest.</summary>
    Range,
}

/// <summary>Means over seeds with their bands.</summary>
internal static class Bands
{
    public static readonly ImmutableArray<BandKind> All = [BandKind.Interval, BandKind.Deviation, BandKind.Error, BandKind.Range];

    public static string Name(BandKind kind) => kind switch
    {
        BandKind.Interval => "95 %",
        BandKind.Deviation => "sd",
        BandKind.Error => "se",
        _ => "min–max",
    };

    public static string Describe(BandKind kind) => kind switch
    {
        BandKind.Interval => "95 % interval of the mean",
        BandKind.Deviation => "one standard deviation",
        BandKind.Error => "one standard error",
        _ => "lowest to highest seed",
    };

    /// <summary>The half width of a band for a standard deviation of 1, for each number of seeds up to the most.</summary>
    public static double[] Factors(BandKind kind, int most) => [.. Enumerable.Range(0, most + 1).Select(n => kind switch
    {
        BandKind.Interval => MeanInterval.HalfWidth(n),
        BandKind.Error => n < 2 ? double.NaN : 1 / Math.Sqrt(n),
        _ => n < 2 ? double.NaN : 1,
    })];

    /// <summary>Mean and band of one value per seed. With fewer than two values there is a mean but no band.</summary>
    /// <param name="values">Finite values, one or more.</param>
    /// <param name="kind">Which band.</param>
    /// <param name="factors">What <see cref="Factors"/> gave for this kind.</param>
    public static (double Mean, double Low, double High) Of(ReadOnlySpan<double> values, BandKind kind, double[] factors)
    {
        double sum = 0;
        var (lowest, highest) = (values[0], values[0]);
        foreach (var value in values)
        {
            sum += value;
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
        }

        var mean = sum / values.Length;
        if (values.Length < 2)
        {
            return (mean, double.NaN, double.NaN);
        }

        if (kind == BandKind.Range)
        {
            return (mean, lowest, highest);
        }

        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        var half = factors[values.Length] * Math.Sqrt(squares / (values.Length - 1));
        return (mean, mean - half, mean + half);
    }
}
