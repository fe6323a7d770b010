using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>
/// How the predictions of a score change with its threshold: the points of the ROC curve (false-positive rate against recall) and of the
/// precision-recall curve.
/// </summary>
public static class ThresholdCurve
{
    /// <summary>The counts at every threshold that makes a difference, from the highest, at which nothing is predicted positive, to minus infinity.</summary>
    /// <param name="scores">The scores; infinities are allowed, not a number is not.</param>
    /// <param name="positive">For each score whether its item is positive.</param>
    /// <returns>One point more than there are different scores above minus infinity; items of equal scores change sides together.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is not a number.</exception>
    public static ImmutableArray<ThresholdPoint> Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        (double[] sorted, bool[] labels) = Ranking.SortAscending(scores, positive);
        int positives = labels.Count(label => label);
        int negatives = labels.Length - positives;
        int found = 0;
        int mistaken = 0;
        var points = ImmutableArray.CreateBuilder<ThresholdPoint>();
        points.Add(new ThresholdPoint(sorted.Length > 0 ? sorted[^1] : double.NegativeInfinity, new Confusion(0, 0, negatives, positives)));
        for (int end = sorted.Length; end > 0 && !double.IsNegativeInfinity(sorted[end - 1]);)
        {
            double score = sorted[end - 1];
            while (end > 0 && sorted[end - 1] == score)
            {
                end--;
                found += labels[end] ? 1 : 0;
                mistaken += labels[end] ? 0 : 1;
            }

            double threshold = end > 0 ? sorted[end - 1] : double.NegativeInfinity;
            points.Add(new ThresholdPoint(threshold, new Confusion(found, mistaken, negatives - mistaken, positives - found)));
        }

        return points.ToImmutable();
    }
}

/// <summary>The predictions at a threshold.</summary>
/// <param name="Threshold">Scores above this are predicted positive.</param>
/// <param name="Counts">How often that is right and wrong.</param>
public readonly record struct ThresholdPoint(double Threshold, Confusion Counts);
