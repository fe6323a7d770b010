namespace SlungOrleans.Corpora.Tests.Tagging;

public sealed class BinaryQualityTests
{
    [Fact]
    public void Auroc_ScoresWithTies_IsTheShareOfPairsInOrder()
    {
        var random = new RandomStream(1);
        var labels = Enumerable.Range(0, 300).Select(_ => random.Chance(0.3)).ToArray();
        var scores = labels.Select(l => random.Below(l ? 12 : 8) / 10.0).ToArray();

        var pairs = from i in Enumerable.Range(0, 300) from j in Enumerable.Range(0, 300)
            where labels[i] && !labels[j] select (scores[i], scores[j]);
        var expected = pairs.Average(p => p.Item1 > p.Item2 ? 1.0 : p.Item1 == p.Item2 ? 0.5 : 0);

        Assert.Equal(expected, BinaryQuality.Auroc(scores, labels), 12);
    }

    [Theory]
    [InlineData(new[] { 0.9, 0.5, 0.4, 0.6 }, new[] { true, true, true, false }, 2.0 / 3)]
    [InlineData(new[] { 0.1, 0.2 }, new[] { true, false }, 0.0)]
    [InlineData(new[] { 0.1, 0.7 }, new[] { false, true }, 1.0)]
    public void F1_Probabilities_IsTheHarmonicMeanOfPrecisionAndRecall(double[] probabilities, bool[] labels, double expected)
    {
        Assert.Equal(expected, BinaryQuality.F1(probabilities, labels), 12);
    }

    [Fact]
    public void CalibrationError_TwoBins_WeighsTheirDistances()
    {
        // Four texts at 0.9, half of them true: 0.4 off; one at 0.0, false: 0 off.
        Assert.Equal(0.32, BinaryQuality.CalibrationError([0.9, 0.9, 0.9, 0.9, 0.0], [true, true, false, false, false]), 12);
    }

    [Fact]
    public void PlattFit_ScoresFromAKnownCurve_FindsIt()
    {
        var random = new RandomStream(2);
        var scores = Enumerable.Range(0, 50_000).Select(_ => (random.Below(6001) / 1000.0) - 3).ToArray();
        var labels = scores.Select(s => random.Chance(1 / (1 + Math.Exp((-1.7 * s) + 0.6)))).ToArray();

        var fit = PlattScaling.Fit(scores, labels);

        Assert.InRange(fit.A, -1.75, -1.65);
        Assert.InRange(fit.B, 0.54, 0.66);
    }

    [Fact]
    public void PlattFit_ScoresThatPartTheClasses_StaysFinite()
    {
        var fit = PlattScaling.Fit([-2, -1, 1, 2], [false, false, true, true]);

        Assert.True(double.IsFinite(fit.A) && double.IsFinite(fit.B));
        // Platt's targets for two of each kind are 3/4 and 1/4: a smooth fit stays about there.
        Assert.InRange(fit.Probability(2), 0.7, 0.95);
        Assert.InRange(fit.Probability(-2), 0.05, 0.3);
    }
}
