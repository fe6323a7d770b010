using System.Collections.Immutable;
using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>The report's own tables.</summary>
internal static class ReportTables
{
    public const string DifferencesNote =
        "Two-sided paired t tests; Holm's correction over the arms compared with the same reference in the same metric, not over metrics, references and amounts; intervals are not corrected. "
        + "No P where all seeds differ by the same: there is no spread to test with. "
        + "Smallest detectable: the true difference that these seeds would have shown with probability 0.8 at level 0.05 over the number of those arms, given how much they differ among each other.";

    private static readonly string[] DifferenceColumns =
        ["Difference", "95 % interval", "Effect size d_z", "P", "P, Holm", "Smallest detectable", "Pairs"];

    public static ReportTable Headline(Comparison comparison, double amount)
    {
        MetricDescription[] metrics = [.. comparison.Metrics.Where(metric => metric.Headline)];
        return new ReportTable(
            $"Headline results{At(comparison, amount)}",
            ["Arm", .. metrics.Select(metric => metric.Title)],
            [.. comparison.Arms.Select(arm => (ImmutableArray<string>)[arm, .. metrics.Select(metric => Cell(comparison, arm, amount, metric))])])
        {
            Note = $"Mean over {SuiteRun.Count(comparison.Seeds.Length, "seed", "seeds")} with its 95 % interval (Student's t); N where fewer seeds have the value.",
        };
    }

    public static ReportTable Differences(Comparison comparison, double amount, MetricDescription metric) => new(
        $"{metric.Title} – differences paired by seed{At(comparison, amount)}",
        ["Arm minus reference", .. DifferenceColumns],
        [
            .. comparison.Differences
                .Where(one => one.Metric == metric.Id && one.Amount == amount)
                .Select(one => (ImmutableArray<string>)[$"{one.Arm} minus {one.Reference}", .. Cells(metric, one)]),
        ]);

    public static ReportTable OtherDifferences(Comparison comparison, double amount) => new(
        $"Differences in the other metrics{At(comparison, amount)}",
        ["Metric", "Arm minus reference", .. DifferenceColumns],
        [
            .. from metric in comparison.Metrics
               from one in comparison.Differences
               where !metric.Headline && one.Metric == metric.Id && one.Amount == amount
               select (ImmutableArray<string>)[metric.Title, $"{one.Arm} minus {one.Reference}", .. Cells(metric, one)],
        ])
    {
        Folded = true,
    };

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
        if (summary is null)
        {
            return "–";
        }

        string n = summary.N < comparison.Seeds.Length ? $", N {summary.N}" : "";
        string interval = summary.N < 2 ? "" : $" ({MetricCatalogue.Format(metric.Id, summary.Low)} to {MetricCatalogue.Format(metric.Id, summary.High)})";
        return MetricCatalogue.Format(metric.Id, summary.Mean) + interval + n;
    }

    private static string[] Cells(MetricDescription metric, PairedDifference one) =>
    [
        MetricCatalogue.FormatDifference(metric.Id, one.Mean),
        double.IsNaN(one.Low) ? "–" : $"{MetricCatalogue.FormatDifference(metric.Id, one.Low)} to {MetricCatalogue.FormatDifference(metric.Id, one.High)}",
        EffectSize(one.EffectSize),
        Probability(one.P),
        Probability(one.AdjustedP),
        MetricCatalogue.Format(metric.Id, one.SmallestDetectable),
        one.N.ToString(CultureInfo.InvariantCulture),
    ];

    private static string EffectSize(double value) => double.IsFinite(value)
        ? value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)
        : MetricCatalogue.Format("", value);

    private static string Probability(double p) => p switch
    {
        double.NaN => "–",
        < 0.001 => "< 0.001",
        _ => p.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
