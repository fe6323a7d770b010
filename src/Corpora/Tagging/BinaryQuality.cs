namespace SlungOrleans.Corpora;

/// <summary>Measures of scores against labels.</summary>
internal static class BinaryQuality
{
    private const int CalibrationBins = 15;

    /// <summary>
    /// The Mann-Whitney statistic: the share of pairs of both labels in which the true one is scored higher, ties counting half.
    /// </summary>
    public static double Auroc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var keys = scores.ToArray();
        var sorted = labels.ToArray();
        Array.Sort(keys, sorted);
        var (below, wins) = (0.0, 0.0);
        for (var first = 0; first < keys.Length;)
        {
            var last = first;
            while (last < keys.Length && keys[last] == keys[first])
            {
                last++;
            }

            var positives = sorted.AsSpan(first, last - first).Count(true);
            var negatives = last - first - positives;
            wins += positives * (below + (negatives / 2.0));
            below += negatives;
            first = last;
        }

        return wins / (below * (keys.Length - below));
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
