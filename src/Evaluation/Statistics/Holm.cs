namespace SlungOrleans.Evaluation;

/// <summary>Holm's step-down correction for several tests (Scandinavian Journal of Statistics 6, 1979).</summary>
public static class Holm
{
    /// <summary>Adjusted p values: rejecting those below α keeps the probability of any false rejection below α, however the tests depend on each other.</summary>
    /// <param name="p">P values, 0 to 1; those that are not a number stay so and do not count as tests.</param>
    /// <returns>Adjusted values, in the same order.</returns>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        double[] adjusted = [.. p];
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * p[order[rank]]));
            adjusted[order[rank]] = largest;
        }

        return adjusted;
    }
}
