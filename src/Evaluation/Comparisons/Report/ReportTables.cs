using System.Collections.Immutable;
using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>The report's own tables.</summary>
internal static class ReportTables
{
    public static ReportTable Headline(Comparison comparison, double amount)
    {
        MetricDescription[] metrics = [.. comparison.Metrics.Where(metric => metric.Headline)];
        return new ReportTable(
            $"Headline results{At(comparison, amount)}",
            ["Arm", .. metrics.Select(metric => metric.Title)],
            [.. comparison.Arms.Select(arm => (ImmutableArray<string>)[arm, .. metrics.Select(metric => Cell(comparison, arm, amount, metric))])])
        {
            Note = "Mean over seeds, 95 % interval (Student's t), number of seeds.",
        };
    }

    public static ReportTable Differences(Comparison comparison, double amount, bool headline)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        foreach (MetricDescription metric in comparison.Metrics.Where(metric => metric.Headline == headline))
        {
            rows.AddRange(comparison.Differences
                .Where(one => one.Metric == metric.Id && one.Amount == amount)
                .Select(one => Difference(metric, one)));
        }

        return new ReportTable(
            $"{(headline ? "Differences paired by seed" : "Differences in the other metrics")}{At(comparison, amount)}",
            ["Metric", "Arm", "Less", "Difference", "95 % interval", "Effect size d_z", "P", "P, Holm", "Smallest detectable", "Pairs"],
            rows.ToImmutable())
        {
            Note = "Two-sided paired t tests; Holm's correction over the arms compared with the same arm in the same metric. Smallest detectable: the true difference that these seeds would have shown with probability 0.8 at level 0.05, given how much they differ among each other.",
            Folded = !headline,
        };
    }

    public static ReportTable AllMetrics(Comparison comparison, double amount) => new(
        $"All metrics{At(comparison, amount)}",
        ["Metric", "Better is", .. comparison.Arms],
        [
            .. comparison.Metrics.Select(metric => (ImmutableArray<string>)
                [metric.Title, metric.HigherIsBetter ? "more" : "less", .. comparison.Arms.Select(arm => Cell(comparison, arm, amount, metric))]),
        ])
    {
        Folded = true,
    };

    public static ReportTable Runs(Comparison comparison)
    {
        MetricDescription[] metrics = [.. comparison.Metrics.Where(metric => metric.Headline)];
        return new ReportTable(
            "Runs",
            ["Run", "Arm", "Seed", "Amount", .. metrics.Select(metric => metric.Title)],
            [
                .. comparison.Runs.Select(run => (ImmutableArray<string>)
                [
                    run.Run,
                    run.Arm,
                    run.Seed.ToString(CultureInfo.InvariantCulture),
                    ComparisonPicture.Percent(run.Amount),
                    .. metrics.Select(metric => MetricCatalogue.Format(metric.Id, run.Metrics.GetValueOrDefault(metric.Id, double.NaN))),
                ]),
            ])
        {
            Note = comparison.Missing.IsEmpty ? "" : $"Without scores, or not with all of them: {string.Join(", ", comparison.Missing)}.",
            Folded = true,
        };
    }

    public static string At(Comparison comparison, double amount) =>
        comparison.Amounts.Length > 1 ? $", {ComparisonPicture.Percent(amount)} high-risk documents" : "";

    private static string Cell(Comparison comparison, string arm, double amount, MetricDescription metric)
    {
        ArmSummary? summary = comparison.Summaries.FirstOrDefault(one => one.Arm == arm && one.Amount == amount && one.Metric == metric.Id);
        return summary switch
        {
            null => "–",
            { N: < 2 } => $"{MetricCatalogue.Format(metric.Id, summary.Mean)}, N 1",
            _ => FormattableString.Invariant(
                $"{MetricCatalogue.Format(metric.Id, summary.Mean)} ({MetricCatalogue.Format(metric.Id, summary.Low)} to {MetricCatalogue.Format(metric.Id, summary.High)}), N {summary.N}"),
        };
    }

    private static ImmutableArray<string> Difference(MetricDescription metric, PairedDifference one) =>
    [
        metric.Title,
        one.Arm,
        one.Reference,
        MetricCatalogue.FormatDifference(metric.Id, one.Mean),
        double.IsNaN(one.Low) ? "–" : $"{MetricCatalogue.FormatDifference(metric.Id, one.Low)} to {MetricCatalogue.FormatDifference(metric.Id, one.High)}",
        MetricCatalogue.FormatDifference("", one.EffectSize),
        Probability(one.P),
        Probability(one.AdjustedP),
        MetricCatalogue.Format(metric.Id, one.SmallestDetectable),
        one.N.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Probability(double p) => p switch
    {
        double.NaN => "–",
        < 0.001 => "< 0.001",
        _ => p.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
