using MathNet.Numerics.Distributions;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Is the mean of paired differences zero? Student's paired t test. With fewer than two pairs everything but the mean is not a number.
/// Where all differences are equal there is no spread to test with: the interval is that one value, the smallest detectable difference is not a
/// number, and P is 1 for zero and not a number for any other value, for which R's <c>t.test</c> refuses ("data are essentially constant"):
/// shares of few items come out equal by chance far more often than a P of 0 would say.
/// </summary>
/// <param name="Difference">Mean, 95 % interval and standard deviation of the differences.</param>
/// <param name="EffectSize">Mean over standard deviation (Cohen's d_z); infinite without spread, 0 if all differences are 0.</param>
/// <param name="P">Two-sided; not a number if all differences are one value that is not 0.</param>
/// <param name="SmallestDetectable">The smallest true difference that would be seen with power 0.8 at 0.05 by this test alone, given this spread.</param>
public readonly record struct PairedTest(MeanInterval Difference, double EffectSize, double P, double SmallestDetectable)
{
    /// <summary>Tests differences.</summary>
    /// <param name="differences">One for each pair; finite.</param>
    /// <param name="magnitude">The largest magnitude of the values that were subtracted: differences that differ by their rounding are equal.</param>
    /// <exception cref="ArgumentException">A difference is not finite.</exception>
    public static PairedTest Of(IReadOnlyList<double> differences, double magnitude = 0)
    {
        MeanInterval difference = MeanInterval.Of(differences, magnitude: magnitude);
        if (difference.N < 2)
        {
            return new PairedTest(difference, double.NaN, double.NaN, double.NaN);
        }

        if (difference.StandardDeviation == 0)
        {
            return Math.Abs(difference.Mean) <= MeanInterval.Rounding * magnitude
                ? new PairedTest(difference, 0, 1, double.NaN)
                : new PairedTest(difference, difference.Mean > 0 ? double.PositiveInfinity : double.NegativeInfinity, double.NaN, double.NaN);
        }

        double effect = difference.Mean / difference.StandardDeviation;
        double t = Math.Abs(effect) * Math.Sqrt(difference.N);
        double p = Math.Min(1, 2 * StudentT.CDF(0, 1, difference.N - 1, -t));
        return new PairedTest(difference, effect, p, Power.SmallestDetectable(difference.StandardDeviation, difference.N));
    }
}
