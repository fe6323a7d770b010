namespace SlungOrleans.Corpora;

/// <summary>Measures of scores against labels.</summary>
internal static class BinaryQuality
{
    private const int CalibrationBins = 15;

    /// <summary>
    /// The Mann-Whitney statistic: the share of pairs of both labels in which the true one is scored higher, ties counting half; not a number
    /// without such a pair.
    /// </summary>
    public static double Auroc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var keys = scores.ToArray();
        var sorted = labels.ToArray();
        Array.Sort(keys, sorted);
        return AurocOfSorted(keys, sorted);
    }

    /// <summary>The same, of scores that rise.</summary>
    public static double AurocOfSorted(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        // Twice the number of won pairs stays a whole number, so that the result does not depend on the order of the items.
        var (below, twiceWon) = (0L, 0L);
        for (var first = 0; first < scores.Length;)
        {
            var last = first;
            while (last < scores.Length && scores[last] == scores[first])
            {
                last++;
            }

            var positives = labels[first..last].Count(true);
            var negatives = last - first - positives;
            twiceWon += positives * ((2 * below) + negatives);
            below += negatives;
            first = last;
        }

        return twiceWon / (2.0 * below * (scores.Length - below));
    }

    /// <summary>F1 of the true labels, where scores of at least a half say true; 0 if nothing is found.</summary>
    public static double F1(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        var (found, both) = (0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            var isFound = probabilities[i] >= 0.5;
            found += isFound ? 1 : 0;
            both += isFound && labels[i] ? 1 : 0;
        }

        return 2.0 * both / (found + labels.Count(true));
    }

    /// <summary>The mean distance, over texts, between the mean probability and the share of true labels in their bin.</summary>
    public static double CalibrationError(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        Span<double> surplus = stackalloc double[CalibrationBins];
        for (var i = 0; i < labels.Length; i++)
        {
            surplus[Math.Min((int)(probabilities[i] * CalibrationBins), CalibrationBins - 1)] += probabilities[i] - (labels[i] ? 1 : 0);
        }

        var sum = 0.0;
        foreach (var bin in surplus)
        {
            sum += Math.Abs(bin);
        }

        return sum / labels.Length;
    }
}
