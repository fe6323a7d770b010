namespace SlungOrleans.Evaluation.Tests;

public sealed class PairedTestTests
{
    // Two-sided 5 % points of Student's t, to three decimals, as printed in every table.
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(4, 2.776)]
    [InlineData(9, 2.262)]
    [InlineData(30, 2.042)]
    public void MeanInterval_HalfWidth_IsTabledQuantileTimesStandardError(int freedom, double tabled)
    {
        double[] values = [.. Enumerable.Range(0, freedom + 1).Select(i => (double)(i * i))];

        MeanInterval interval = MeanInterval.Of(values);

        double error = interval.StandardDeviation / Math.Sqrt(values.Length);
        Assert.Equal(tabled, (interval.High - interval.Mean) / error, 3);
        Assert.Equal(tabled, (interval.Mean - interval.Low) / error, 3);
        Assert.Equal(values.Average(), interval.Mean, 12);
    }

    // scipy 1.10.1: ttest_rel(a, b) and t.interval.
    [Fact]
    public void PairedTest_FivePairs_EqualsScipy()
    {
        double[] a = [0.81, 0.84, 0.79, 0.86, 0.80];
        double[] b = [0.75, 0.80, 0.77, 0.78, 0.79];

        PairedTest test = PairedTest.Of([.. a.Zip(b, (x, y) => x - y)]);

        Assert.Equal(0.03051081258033156, test.P, 10);
        Assert.Equal(0.006444154106012373, test.Difference.Low, 10);
        Assert.Equal(0.07755584589398762, test.Difference.High, 10);
        Assert.Equal(1.4667036211161146, test.EffectSize, 10);
        Assert.Equal(5, test.Difference.N);
    }

    // 1 - cdf of noncentral t in scipy 1.10.1; 0.8078 (d = 0.5, n = 34) and 0.8213 (d = 0.8, n = 15) are also G*Power's.
    [Theory]
    [InlineData(0.5, 34, 0.8077775012792737)]
    [InlineData(0.8, 15, 0.8213105387243314)]
    [InlineData(2, 5, 0.9088848681009395)]
    [InlineData(1, 3, 0.17925539376539423)]
    [InlineData(5, 2, 0.42096140914186314)]
    public void Power_OfPairedTest_EqualsScipy(double effectSize, int n, double expected)
    {
        Assert.Equal(expected, Power.OfPairedTest(effectSize, n), 9);
        Assert.Equal(expected, Power.OfPairedTest(-effectSize, n), 9);
    }

    [Theory]
    [InlineData(2, 11.54988843611491)]
    [InlineData(3, 3.2640435498142337)]
    [InlineData(5, 1.6819969659555576)]
    [InlineData(10, 0.9960013714361939)]
    [InlineData(200, 0.19906417540655383)]
    [InlineData(2, 46.15503705279106, 0.05 / 4)]
    [InlineData(2, 115.38136465910081, 0.005)]
    [InlineData(3, 6.546046683632259, 0.05 / 4)]
    [InlineData(3, 10.355180625581056, 0.005)]
    [InlineData(5, 2.4767903705301606, 0.05 / 4)]
    public void SmallestDetectable_UnitDeviation_EqualsScipy(int n, double expected, double alpha = 0.05) =>
        Assert.Equal(expected, Power.SmallestDetectable(1, n, alpha), 6);

    [Fact]
    public void SmallestDetectable_ZeroEffect_HasPowerAlpha() => Assert.Equal(0.05, Power.OfPairedTest(0, 4), 10);

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void PairedTest_NormalSamples_CoversAndRejectsAtItsLevel(int n)
    {
        var random = new Random(3);
        const int Samples = 10_000;
        int covered = 0;
        int rejected = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            PairedTest test = PairedTest.Of([.. Enumerable.Range(0, n).Select(_ => 0.3 + Gaussian(random))]);
            covered += test.Difference.Low <= 0.3 && 0.3 <= test.Difference.High ? 1 : 0;
            rejected += test.P < 0.05 ? 1 : 0;

            // The interval leaves zero out exactly where the test rejects.
            Assert.Equal(test.P < 0.05, test.Difference.Low > 0 || test.Difference.High < 0);
        }

        // Four standard errors of a share of 10,000.
        Assert.InRange(covered / (double)Samples, 0.95 - 0.0088, 0.95 + 0.0088);
        double power = Power.OfPairedTest(0.3, n);
        Assert.InRange(rejected / (double)Samples, power - 0.014, power + 0.014);
    }

    [Fact]
    public void PairedTest_EqualDifferences_HasNoSpreadToMeasureWith()
    {
        PairedTest zero = PairedTest.Of([0.0, -0.0, 0.0]);
        PairedTest tenth = PairedTest.Of([0.3 - 0.2, 0.4 - 0.3, 0.2 - 0.1]);

        Assert.Equal((0.0, 0.0, 0.0), (zero.Difference.Mean, zero.Difference.Low, zero.Difference.High));
        Assert.Equal((0.0, 1.0, double.NaN), (zero.EffectSize, zero.P, zero.SmallestDetectable));
        Assert.Equal((double.PositiveInfinity, double.NaN, double.NaN), (tenth.EffectSize, tenth.P, tenth.SmallestDetectable));
    }

    // One toxic continuation of 2,500 more, from rates whose doubles are far coarser than the difference.
    [Fact]
    public void PairedTest_DifferencesThatDifferByTheirRounding_AreEqual()
    {
        double[] differences = [0.9004 - 0.9, 0.1004 - 0.1, 0.5004 - 0.5];
        Assert.NotEqual(differences[0], differences[1]);

        PairedTest test = PairedTest.Of(differences, magnitude: 0.9004);
        PairedTest none = PairedTest.Of([0.1 + 0.2 - 0.3, 0, 0], magnitude: 0.3);

        Assert.Equal((0.0, double.NaN), (test.Difference.StandardDeviation, test.P));
        Assert.Equal((0.0, 1.0), (none.EffectSize, none.P));
    }

    // Shares of few items: what is the same in both arms must not be told apart more often than the level says.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void PairedTest_SharesOfFewItems_RejectsAtMostAtItsLevel(int n)
    {
        var random = new Random(5);
        double Share() => Enumerable.Range(0, 60).Count(_ => random.NextDouble() < 0.05) / 60.0;
        const int Samples = 4000;
        int rejected = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            rejected += PairedTest.Of([.. Enumerable.Range(0, n).Select(_ => Share() - Share())], magnitude: 1).P < 0.05 ? 1 : 0;
        }

        Assert.InRange(rejected / (double)Samples, 0, 0.05 + (4 * 0.0035));
    }

    [Fact]
    public void PairedTest_OnePair_HasOnlyAMean()
    {
        PairedTest test = PairedTest.Of([0.25]);

        Assert.Equal(0.25, test.Difference.Mean);
        Assert.All(
            [test.Difference.Low, test.Difference.High, test.Difference.StandardDeviation, test.EffectSize, test.P, test.SmallestDetectable],
            value => Assert.Equal(double.NaN, value));
        Assert.Equal(new MeanInterval(double.NaN, double.NaN, double.NaN, double.NaN, 0), MeanInterval.Of([]));
    }

    [Fact]
    public void MeanInterval_ValueThatIsNotFinite_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => MeanInterval.Of([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => MeanInterval.Of([1, double.PositiveInfinity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanInterval.Of([1, 2], 1));
    }

    // The worked example of R's p.adjust: p = 0.01, 0.04, 0.03, 0.005.
    [Fact]
    public void Holm_Adjust_StepsDown()
    {
        double[] adjusted = Holm.Adjust([0.01, double.NaN, 0.04, 0.03, 0.005]);

        Assert.Equal([0.03, double.NaN, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.6, 0.9]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void Holm_NullTests_RejectAnyAtMostAtTheLevel()
    {
        var random = new Random(4);
        int any = 0;
        for (int trial = 0; trial < 10_000; trial++)
        {
            any += Holm.Adjust([.. Enumerable.Range(0, 5).Select(_ => random.NextDouble())]).Any(p => p < 0.05) ? 1 : 0;
        }

        Assert.InRange(any / 10_000.0, 0.04, 0.059);
    }

    internal static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
