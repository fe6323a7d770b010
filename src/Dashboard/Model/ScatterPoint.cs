using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>An arm in the scatter: means, intervals and seeds of two metrics.</summary>
internal sealed record ScatterPoint(string Arm, int Index, ArmSummary X, ArmSummary Y, ImmutableArray<SeedPoint> Seeds)
{
    // Arms are told apart by shape too, not by colour alone.
    private static readonly string[] Shapes =
        ["M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z", "M-5.5-5.5h11v11h-11z", "M0-7.5L7.5 0L0 7.5L-7.5 0z", "M0-7L7 5.5H-7z"];

    public string Colour => ArmColours.Of(Index);

    public static string Shape(int index) => Shapes[index % Shapes.Length];

    /// <summary>Arms that have both metrics.</summary>
    public static ImmutableArray<ScatterPoint> Of(Comparison comparison, double amount, string x, string y)
    {
        var points = ImmutableArray.CreateBuilder<ScatterPoint>();
        for (var index = 0; index < comparison.Arms.Length; index++)
        {
            var arm = comparison.Arms[index];
            if (SummaryOf(x) is { } ofX && SummaryOf(y) is { } ofY)
            {
                var seeds = comparison.Runs
                    .Where(run => run.Arm == arm && run.Amount == amount && IsFinite(run, x) && IsFinite(run, y))
                    .Select(run => new SeedPoint(run.Seed, run.Metrics[x], run.Metrics[y]));
                points.Add(new ScatterPoint(arm, index, ofX, ofY, [.. seeds]));
            }

            ArmSummary? SummaryOf(string metric) => comparison.Summaries.FirstOrDefault(summary =>
                summary.Arm == arm && summary.Amount == amount && summary.Metric == metric && double.IsFinite(summary.Mean));
        }

        return points.ToImmutable();
    }

    /// <summary>Lines of the intervals in pixels, with caps at the ends that the axes show.</summary>
    public IEnumerable<(double X1, double Y1, double X2, double Y2)> Intervals(PlotAxis xAxis, PlotAxis yAxis)
    {
        const double Cap = 4;
        var (centreX, centreY) = (xAxis.At(X.Mean), yAxis.At(Y.Mean));
        if (double.IsFinite(X.Low) && double.IsFinite(X.High))
        {
            yield return (xAxis.At(X.Low), centreY, xAxis.At(X.High), centreY);
            foreach (var end in new[] { X.Low, X.High }.Where(xAxis.Shows))
            {
                yield return (xAxis.At(end), centreY - Cap, xAxis.At(end), centreY + Cap);
            }
        }

        if (double.IsFinite(Y.Low) && double.IsFinite(Y.High))
        {
            yield return (centreX, yAxis.At(Y.Low), centreX, yAxis.At(Y.High));
            foreach (var end in new[] { Y.Low, Y.High }.Where(yAxis.Shows))
            {
                yield return (centreX - Cap, yAxis.At(end), centreX + Cap, yAxis.At(end));
            }
        }
    }

    private static bool IsFinite(RunScores run, string metric) => run.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value);
}

/// <summary>One seed's figures.</summary>
internal sealed record SeedPoint(int Seed, double X, double Y);
