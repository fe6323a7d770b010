using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>Threshold-free measures of a score that should be higher for positive items.</summary>
public static class Ranking
{
    /// <summary>
    /// Area under the ROC curve: the probability that a positive item scores above a negative one, ties counting half (Mann-Whitney's U over
    /// the number of pairs).
    /// </summary>
    /// <param name="scores">The scores; infinities are allowed, not a number is not.</param>
    /// <param name="positive">For each score whether its item is positive.</param>
    /// <returns>0 to 1; not a number if there is no positive or no negative item.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is not a number.</exception>
    public static double Auroc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        (double[] sorted, bool[] labels) = SortAscending(scores, positive);
        return BinaryQuality.AurocOfSorted(sorted, labels);
    }

    /// <summary>
    /// Area under the precision-recall curve as average precision: the sum over thresholds of (recall gained) × (precision there), without
    /// interpolation; equal scores share a threshold.
    /// </summary>
    /// <param name="scores">The scores; infinities are allowed, not a number is not.</param>
    /// <param name="positive">For each score whether its item is positive.</param>
    /// <returns>0 to 1; not a number if there is no positive item.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is not a number.</exception>
    public static double AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        (double[] sorted, bool[] labels) = SortAscending(scores, positive);
        Array.Reverse(sorted);
        Array.Reverse(labels);
        long positives = labels.LongCount(label => label);
        if (positives == 0)
        {
            return double.NaN;
        }

        double sum = 0;
        long found = 0;
        for (int start = 0; start < sorted.Length;)
        {
            (int end, int positivesHere) = EndOfTie(sorted, labels, start);
            found += positivesHere;
            sum += positivesHere * ((double)found / end);
            start = end;
        }

        return sum / positives;
    }

    private static (int End, int Positives) EndOfTie(double[] sorted, bool[] labels, int start)
    {
        int end = start;
        int positives = 0;
        while (end < sorted.Length && sorted[end] == sorted[start])
        {
            positives += labels[end] ? 1 : 0;
            end++;
        }

        return (end, positives);
    }

    internal static (double[] Scores, bool[] Labels) SortAscending(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores but {positive.Length} labels; as many are expected.", nameof(positive));
        }

        double[] sorted = scores.ToArray();
        bool[] labels = positive.ToArray();
        int notANumber = Array.FindIndex(sorted, double.IsNaN);
        if (notANumber >= 0)
        {
            throw new ArgumentException($"Score {notANumber} is not a number and cannot be ranked.", nameof(scores));
        }

        Array.Sort(sorted, labels);
        return (sorted, labels);
    }
}
