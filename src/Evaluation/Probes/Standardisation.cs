namespace SlungOrleans.Evaluation;

/// <summary>Gives every feature mean 0 and standard deviation 1 over the items it was made from; a feature without spread only loses its mean.</summary>
internal sealed class Standardisation(double[] means, double[] deviations)
{
    public static Standardisation None(int features) => new(new double[features], [.. Enumerable.Repeat(1.0, features)]);

    public static Standardisation Of(IReadOnlyList<double[]> items)
    {
        int features = items[0].Length;
        var means = new double[features];
        var deviations = new double[features];
        for (int j = 0; j < features; j++)
        {
            means[j] = items.Sum(item => item[j]) / items.Count;
            deviations[j] = Math.Sqrt(items.Sum(item => (item[j] - means[j]) * (item[j] - means[j])) / items.Count);

            // Equal values differ from their own mean by rounding only.
            deviations[j] = deviations[j] <= 1e-12 * Math.Abs(means[j]) ? 1 : deviations[j];
        }

        return new Standardisation(means, deviations);
    }

    public double[] Apply(double[] item)
    {
        var scaled = new double[item.Length];
        for (int j = 0; j < item.Length; j++)
        {
            scaled[j] = (item[j] - means[j]) / deviations[j];
        }

        return scaled;
    }
}
