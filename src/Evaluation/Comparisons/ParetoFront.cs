using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>Arms whose means no other arm beats: at least as good in both metrics, and better in one. Intervals are not looked at.</summary>
public static class ParetoFront
{
    /// <summary>The arms of the front, from the smallest mean of <paramref name="x"/> up. Arms without one of the metrics are left out.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="x">One metric.</param>
    /// <param name="y">The other.</param>
    /// <param name="amount">The amount.</param>
    public static ImmutableArray<string> Of(Comparison comparison, MetricDescription x, MetricDescription y, double amount)
    {
        (string Arm, double X, double Y)[] arms =
        [
            .. from arm in comparison.Arms
               let ofX = Mean(comparison, arm, amount, x)
               let ofY = Mean(comparison, arm, amount, y)
               where double.IsFinite(ofX) && double.IsFinite(ofY)
               select (arm, ofX, ofY),
        ];
        bool Beats((string Arm, double X, double Y) one, (string Arm, double X, double Y) other)
        {
            double inX = (one.X - other.X) * (x.HigherIsBetter ? 1 : -1);
            double inY = (one.Y - other.Y) * (y.HigherIsBetter ? 1 : -1);
            return inX >= 0 && inY >= 0 && (inX > 0 || inY > 0);
        }

        return [.. arms.Where(arm => !arms.Any(other => Beats(other, arm))).OrderBy(arm => arm.X).ThenBy(arm => arm.Y).Select(arm => arm.Arm)];
    }

    private static double Mean(Comparison comparison, string arm, double amount, MetricDescription metric) =>
        comparison.Summaries.FirstOrDefault(summary => summary.Arm == arm && summary.Amount == amount && summary.Metric == metric.Id)?.Mean ?? double.NaN;
}
