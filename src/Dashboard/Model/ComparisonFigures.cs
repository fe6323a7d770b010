using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Finds figures in a comparison.</summary>
internal static class ComparisonFigures
{
    public static ArmSummary? Find(this Comparison comparison, string arm, double amount, string metric) =>
        comparison.Summaries.FirstOrDefault(summary => summary.Arm == arm && summary.Amount == amount && summary.Metric == metric);

    public static double? Find(this RunScores run, string metric) => run.Metrics.TryGetValue(metric, out var value) ? value : null;

    /// <summary>The arms that others are compared with, in the study's order.</summary>
    public static ImmutableArray<string> References(this Comparison comparison) =>
        [.. comparison.Differences.Select(difference => difference.Reference).Distinct().OrderBy(reference => comparison.Arms.IndexOf(reference))];
}
