using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Intervals in words.</summary>
internal static class Intervals
{
    public static string Text(double low, double high, int decimals) => double.IsFinite(low) && double.IsFinite(high)
        ? $"{Format.Fixed(low, decimals)} to {Format.Fixed(high, decimals)}"
        : Format.NotAvailable;

    /// <summary>What a paired difference says at the 5 % level after correction; empty if nothing.</summary>
    public static string Finding(PairedDifference difference, MetricDescription metric) =>
        !(difference.AdjustedP < 0.05) ? "" : difference.Mean > 0 == metric.HigherIsBetter ? "better" : "worse";
}
