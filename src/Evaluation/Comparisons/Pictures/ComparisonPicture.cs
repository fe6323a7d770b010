using System.Collections.Immutable;
using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>Pictures of a comparison as SVG elements to put into a page: no script, no style sheet, no id, text in the page's colour.</summary>
public static class ComparisonPicture
{
    /// <summary>One metric against another at one amount: every seed a small mark, every arm's mean a large one with its intervals.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="metricX">Id of the metric on the horizontal axis.</param>
    /// <param name="metricY">Id of the metric on the vertical axis.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="look">How; null for the look of the report.</param>
    /// <returns>An <c>svg</c> element; empty if no run has both metrics at that amount.</returns>
    public static string ToSvg(Comparison comparison, string metricX, string metricY, double amount, PictureLook? look = null)
    {
        look ??= PictureLook.Report;
        (RunScores Run, double X, double Y)[] seeds =
        [
            .. from run in comparison.Runs
               where run.Amount == amount && Finite(run, metricX) && Finite(run, metricY)
               select (run, run.Metrics[metricX], run.Metrics[metricY]),
        ];
        if (seeds.Length == 0)
        {
            return "";
        }

        (ArmSummary X, ArmSummary Y)[] means =
        [
            .. from x in Summaries(comparison, metricX)
               from y in Summaries(comparison, metricY)
               where x.Amount == amount && y.Amount == amount && x.Arm == y.Arm
               select (x, y),
        ];
        MetricDescription describedX = Describe(comparison, metricX);
        MetricDescription describedY = Describe(comparison, metricY);
        var plot = new SvgPlot(
            PlotAxis.Of([.. seeds.Select(seed => seed.X), .. means.Select(mean => mean.X.Mean)], means.SelectMany(mean => Bounds(mean.X)), MetricCatalogue.IsShare(metricX)),
            PlotAxis.Of([.. seeds.Select(seed => seed.Y), .. means.Select(mean => mean.Y.Mean)], means.SelectMany(mean => Bounds(mean.Y)), MetricCatalogue.IsShare(metricY)),
            AxisTitle(describedX),
            AxisTitle(describedY),
            look);
        ImmutableArray<string> front = ParetoFront.Of(comparison, describedX, describedY, amount);
        if (front.Length > 1)
        {
            plot.Front([.. front.Select(arm => means.First(mean => mean.X.Arm == arm)).Select(mean => (mean.X.Mean, mean.Y.Mean))]);
        }

        foreach ((ArmSummary x, ArmSummary y) in means)
        {
            plot.Whisker(comparison.Arms.IndexOf(x.Arm), x.Mean, y.Mean, x.Low, x.High, horizontal: true);
            plot.Whisker(comparison.Arms.IndexOf(x.Arm), x.Mean, y.Mean, y.Low, y.High, horizontal: false);
        }

        foreach ((RunScores run, double x, double y) in seeds)
        {
            plot.Dot(
                comparison.Arms.IndexOf(run.Arm), x, y, isMean: false, $"{run.Arm}, seed {run.Seed}: {Value(describedX, x)}, {Value(describedY, y)}", look.AddressOf?.Invoke(run));
        }

        foreach ((ArmSummary x, ArmSummary y) in means)
        {
            plot.Dot(comparison.Arms.IndexOf(x.Arm), x.Mean, y.Mean, isMean: true, $"{x.Arm}, mean of {x.N}: {Value(describedX, x.Mean)}, {Value(describedY, y.Mean)}");
        }

        return plot.ToSvg(
            $"{describedY.Title} against {describedX.Title}",
            string.Join("; ", means.Select(mean => $"{mean.X.Arm}: {Interval(describedX, mean.X)}, {Interval(describedY, mean.Y)}")),
            comparison.Arms);
    }

    /// <summary>One metric over the amounts: every seed a small mark, every arm's means joined by a line, with their intervals.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="metric">The metric's id.</param>
    /// <param name="look">How; null for the look of the report.</param>
    /// <returns>An <c>svg</c> element; empty if no run has the metric.</returns>
    public static string SweepToSvg(Comparison comparison, string metric, PictureLook? look = null)
    {
        look ??= PictureLook.Report;
        RunScores[] runs = [.. comparison.Runs.Where(run => Finite(run, metric))];
        if (runs.Length == 0)
        {
            return "";
        }

        ArmSummary[] means = [.. Summaries(comparison, metric).OrderBy(mean => mean.Amount)];
        MetricDescription described = Describe(comparison, metric);
        var plot = new SvgPlot(
            PlotAxis.Of([.. comparison.Amounts.Select(amount => 100 * amount)], [], isShare: false),
            PlotAxis.Of([.. runs.Select(run => run.Metrics[metric]), .. means.Select(mean => mean.Mean)], means.SelectMany(Bounds), MetricCatalogue.IsShare(metric)),
            "High-risk documents, % of the training sequences",
            AxisTitle(described),
            look);

        // Arms stand a little beside each other, so that their intervals can be told apart.
        double Place(string arm, double amount) =>
            (100 * amount) + (1.8 * (comparison.Amounts.Max() - comparison.Amounts.Min()) * (comparison.Arms.IndexOf(arm) - ((comparison.Arms.Length - 1) / 2.0)));
        foreach (IGrouping<string, ArmSummary> arm in means.GroupBy(mean => mean.Arm))
        {
            int index = comparison.Arms.IndexOf(arm.Key);
            foreach ((ArmSummary from, ArmSummary to) in arm.Zip(arm.Skip(1)))
            {
                plot.Segment(index, (Place(arm.Key, from.Amount), from.Mean), (Place(arm.Key, to.Amount), to.Mean));
            }

            foreach (ArmSummary mean in arm)
            {
                plot.Whisker(index, Place(arm.Key, mean.Amount), mean.Mean, mean.Low, mean.High, horizontal: false);
            }
        }

        foreach (RunScores run in runs)
        {
            plot.Dot(comparison.Arms.IndexOf(run.Arm), Place(run.Arm, run.Amount), run.Metrics[metric], isMean: false, $"{run.Arm}, seed {run.Seed}, {Percent(run.Amount)}: {Value(described, run.Metrics[metric])}", look.AddressOf?.Invoke(run));
        }

        foreach (ArmSummary mean in means)
        {
            plot.Dot(comparison.Arms.IndexOf(mean.Arm), Place(mean.Arm, mean.Amount), mean.Mean, isMean: true, $"{mean.Arm}, {Percent(mean.Amount)}, mean of {mean.N}: {Value(described, mean.Mean)}");
        }

        return plot.ToSvg(
            $"{described.Title} over the amount of high-risk text",
            string.Join("; ", means.Select(mean => $"{mean.Arm}, {Percent(mean.Amount)}: {Interval(described, mean)}")),
            comparison.Arms);
    }

    /// <summary>An amount for people, for example <c>2.5 %</c>.</summary>
    /// <param name="amount">The amount, 0 to 1.</param>
    internal static string Percent(double amount) => string.Create(CultureInfo.InvariantCulture, $"{100 * amount:0.###} %");

    /// <summary>Mean, interval and number of seeds for people.</summary>
    internal static string Interval(MetricDescription metric, ArmSummary summary) =>
        $"{metric.Title} {MetricCatalogue.Format(metric.Id, summary.Mean)}"
        + (summary.N < 2 ? " (no interval, N 1)" : FormattableString.Invariant($" ({MetricCatalogue.Format(metric.Id, summary.Low)} to {MetricCatalogue.Format(metric.Id, summary.High)}, N {summary.N})"));

    private static bool Finite(RunScores run, string metric) => run.Metrics.TryGetValue(metric, out double value) && double.IsFinite(value);

    private static IEnumerable<ArmSummary> Summaries(Comparison comparison, string metric) => comparison.Summaries.Where(summary => summary.Metric == metric);

    private static double[] Bounds(ArmSummary summary) => [summary.Low, summary.High];

    private static MetricDescription Describe(Comparison comparison, string metric) =>
        comparison.Metrics.FirstOrDefault(described => described.Id == metric) ?? MetricCatalogue.Describe(metric, headline: false);

    private static string AxisTitle(MetricDescription metric) => $"{metric.Title} ({(metric.HigherIsBetter ? "more" : "less")} is better)";

    private static string Value(MetricDescription metric, double value) => $"{metric.Title} {MetricCatalogue.Format(metric.Id, value)}";
}
