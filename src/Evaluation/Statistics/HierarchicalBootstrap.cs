namespace SlungOrleans.Evaluation;

/// <summary>Intervals that count both sources of chance: which seeds were run, and which items were asked.</summary>
public static class HierarchicalBootstrap
{
    /// <summary>
    /// The percentile interval of the mean over seeds of a statistic of items. Each resample draws seeds with replacement, then items with
    /// replacement: once for all seeds where every seed was asked the same items, else anew for each drawn seed.
    /// </summary>
    /// <param name="itemCounts">For each seed how many items there are.</param>
    /// <param name="statistic">The statistic of a seed (its index) and a sample of its items (their indices); not a number leaves the resample out.</param>
    /// <param name="sharedItems">Whether item i is the same in every seed; the counts must then be equal.</param>
    /// <param name="resamples">How many resamples; at least 100.</param>
    /// <param name="level">Probability mass inside the interval, above 0 and below 1.</param>
    /// <param name="randomSeed">Names the random stream; equal inputs give equal intervals.</param>
    /// <returns>The bounds; not a number with fewer than two seeds or where no resample has a statistic.</returns>
    /// <exception cref="ArgumentException">A seed has no items, or shared items are not equally many.</exception>
    public static (double Low, double High) Interval(
        IReadOnlyList<int> itemCounts,
        Func<int, int[], double> statistic,
        bool sharedItems,
        int resamples = 2000,
        double level = 0.95,
        ulong randomSeed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        if (itemCounts.Any(count => count < 1) || (sharedItems && itemCounts.Distinct().Count() > 1))
        {
            throw new ArgumentException(
                $"Every seed needs items, and shared items are equally many; found {string.Join(", ", itemCounts)}.", nameof(itemCounts));
        }

        if (itemCounts.Count < 2)
        {
            return (double.NaN, double.NaN);
        }

        var random = new NamedStream(NamedStream.Key(randomSeed, "bootstrap"));
        var means = new List<double>(resamples);
        for (int resample = 0; resample < resamples; resample++)
        {
            int[]? shared = sharedItems ? Draw(itemCounts[0], ref random) : null;
            double sum = 0;
            for (int i = 0; i < itemCounts.Count; i++)
            {
                int seed = random.Next(itemCounts.Count);
                sum += statistic(seed, shared ?? Draw(itemCounts[seed], ref random));
            }

            if (!double.IsNaN(sum))
            {
                means.Add(sum / itemCounts.Count);
            }
        }

        means.Sort();
        return means.Count == 0 ? (double.NaN, double.NaN) : (Quantile(means, (1 - level) / 2), Quantile(means, (1 + level) / 2));
    }

    private static int[] Draw(int count, ref NamedStream random)
    {
        var items = new int[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = random.Next(count);
        }

        return items;
    }

    private static double Quantile(List<double> sorted, double share)
    {
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
