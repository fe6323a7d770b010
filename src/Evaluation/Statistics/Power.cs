using System.Collections.Concurrent;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace SlungOrleans.Evaluation;

/// <summary>What a paired t test could have seen.</summary>
public static class Power
{
    private const int Panels = 64;

    private static readonly ConcurrentDictionary<(int N, double Alpha, double Power), double> Shifts = new();

    /// <summary>The smallest true difference that a two-sided paired t test finds with the given power.</summary>
    /// <param name="standardDeviation">Of the differences; finite, 0 or above.</param>
    /// <param name="n">Pairs; two or more.</param>
    /// <param name="alpha">The test's level.</param>
    /// <param name="power">The probability of finding it, above <paramref name="alpha"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double SmallestDetectable(double standardDeviation, int n, double alpha = 0.05, double power = 0.8)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(standardDeviation);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        if (!(0 < alpha && alpha < power && power < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "0 < alpha < power < 1 is expected.");
        }

        return Shifts.GetOrAdd((n, alpha, power), Shift) * standardDeviation / Math.Sqrt(n);
    }

    /// <summary>The probability that a two-sided paired t test finds a true difference.</summary>
    /// <param name="effectSize">True difference over the standard deviation of the differences.</param>
    /// <param name="n">Pairs; two or more.</param>
    /// <param name="alpha">The test's level.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double OfPairedTest(double effectSize, int n, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        return OfShift(effectSize * Math.Sqrt(n), n - 1, CriticalValue(n, alpha));
    }

    private static double CriticalValue(int n, double alpha) => StudentT.InvCDF(0, 1, n - 1, 1 - (alpha / 2));

    // Power grows with the shift, so that halving finds it.
    private static double Shift((int N, double Alpha, double Power) wanted)
    {
        double critical = CriticalValue(wanted.N, wanted.Alpha);
        double low = 0;
        double high = 1;
        while (OfShift(high, wanted.N - 1, critical) < wanted.Power)
        {
            low = high;
            high *= 2;
        }

        while (high - low > 1e-10 * high)
        {
            double middle = (low + high) / 2;
            (low, high) = OfShift(middle, wanted.N - 1, critical) < wanted.Power ? (middle, high) : (low, middle);
        }

        return high;
    }

    // P(|T| > c) for noncentral t: T = (Z + shift) / S with S² = χ²/ν, integrated over the density of S in panels (Gauss-Legendre).
    private static double OfShift(double shift, int freedom, double critical)
    {
        double logScale = Math.Log(2) + (freedom / 2.0 * Math.Log(freedom / 2.0)) - SpecialFunctions.GammaLn(freedom / 2.0);

        // S has mean near 1 and a standard deviation below 1/√ν: beyond 12 of those its density is below 1e-30.
        double start = Math.Max(0, 1 - (12 / Math.Sqrt(freedom)));
        double end = 1 + (12 / Math.Sqrt(freedom));

        // Z + shift passes c S within a few 1/c: with few pairs and a strict level that is far narrower than the rest.
        double before = Math.Clamp((Math.Abs(shift) - 9) / critical, start, end);
        double after = Math.Clamp((Math.Abs(shift) + 9) / critical, start, end);
        double Integrand(double s) => Math.Exp(logScale + ((freedom - 1) * Math.Log(s)) - (freedom * s * s / 2))
            * (Normal.CDF(0, 1, shift - (critical * s)) + Normal.CDF(0, 1, -shift - (critical * s)));

        return Integral(Integrand, start, before) + Integral(Integrand, before, after) + Integral(Integrand, after, end);
    }

    private static double Integral(Func<double, double> integrand, double start, double end)
    {
        double width = (end - start) / Panels;
        double sum = 0;
        for (int panel = 0; width > 0 && panel < Panels; panel++)
        {
            sum += GaussLegendreRule.Integrate(integrand, start + (width * panel), start + (width * (panel + 1)), 8);
        }

        return sum;
    }
}
