using MathNet.Numerics.Distributions;

namespace SlungOrleans.Evaluation;

/// <summary>The mean of independent values with an interval for the mean of their population (Student's t).</summary>
/// <param name="Mean">The mean; not a number without values.</param>
/// <param name="Low">Lower bound; not a number with fewer than two values.</param>
/// <param name="High">Upper bound; likewise.</param>
/// <param name="StandardDeviation">With n - 1 in the denominator; likewise.</param>
/// <param name="N">How many values.</param>
public readonly record struct MeanInterval(double Mean, double Low, double High, double StandardDeviation, int N)
{
    /// <summary>A spread below this share of the values' magnitude is that of their rounding.</summary>
    internal const double Rounding = 1e-14;

    /// <summary>Computes mean and interval.</summary>
    /// <param name="values">The values; finite.</param>
    /// <param name="level">Probability that the interval holds the population's mean, above 0 and below 1.</param>
    /// <param name="magnitude">The largest magnitude of the numbers that the values were computed from, which sets their rounding; 0 if they are no differences.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static MeanInterval Of(IReadOnlyList<double> values, double level = 0.95, double magnitude = 0)
    {
        CheckLevel(level);
        if (values.FirstOrDefault(value => !double.IsFinite(value), 0) is var bad && !double.IsFinite(bad))
        {
            throw new ArgumentException($"A mean is taken of finite values, not of {bad}.", nameof(values));
        }

        int n = values.Count;
        if (n == 0)
        {
            return new MeanInterval(double.NaN, double.NaN, double.NaN, double.NaN, 0);
        }

        double mean = values.Sum() / n;
        if (n == 1)
        {
            return new MeanInterval(mean, double.NaN, double.NaN, double.NaN, 1);
        }

        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (n - 1));

        // Equal values differ from their own mean by rounding only: that is no spread.
        deviation = deviation <= Rounding * Math.Max(magnitude, values.Max(Math.Abs)) ? 0 : deviation;
        double half = HalfWidth(n, level) * deviation;
        return new MeanInterval(mean, mean - half, mean + half, deviation, n);
    }

    /// <summary>Half the width of the interval of so many values whose standard deviation is 1; not a number for fewer than two.</summary>
    /// <param name="n">How many values.</param>
    /// <param name="level">Probability that the interval holds the population's mean, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static double HalfWidth(int n, double level = 0.95)
    {
        CheckLevel(level);
        return n < 2 ? double.NaN : StudentT.InvCDF(0, 1, n - 1, (1 + level) / 2) / Math.Sqrt(n);
    }

    private static void CheckLevel(double level)
    {
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level is above 0 and below 1.");
        }
    }
}
