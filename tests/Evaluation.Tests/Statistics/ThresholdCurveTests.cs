namespace SlungOrleans.Evaluation.Tests;

public sealed class ThresholdCurveTests
{
    private static readonly bool[] Labels = [false, false, true, true, false, true, true, false, true, false];
    private static readonly double[] Scores = [.1, .4, .35, .8, .4, .4, .9, .2, .2, .9];

    [Fact]
    public void Of_RandomScoresWithManyTies_CountsAsOneThresholdAtATimeDoes()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 300; trial++)
        {
            int n = random.Next(0, 40);
            double[] scores = [.. Enumerable.Range(0, n).Select(_ => random.Next(8) switch { 0 => double.NegativeInfinity, 7 => double.PositiveInfinity, var score => score })];
            bool[] labels = [.. Enumerable.Range(0, n).Select(_ => random.Next(2) == 0)];

            var curve = ThresholdCurve.Of(scores, labels);

            double[] thresholds = [.. scores.Append(double.NegativeInfinity).Distinct().OrderDescending()];
            Assert.Equal(thresholds, curve.Select(point => point.Threshold));
            foreach (var point in curve)
            {
                int Count(bool predicted, bool label) => Enumerable.Range(0, n).Count(i => (scores[i] > point.Threshold) == predicted && labels[i] == label);
                Assert.Equal(new Confusion(Count(true, true), Count(true, false), Count(false, false), Count(false, true)), point.Counts);
            }
        }
    }

    [Fact]
    public void Of_AreasUnderTheCurves_AreAurocAndAveragePrecision()
    {
        var random = new Random(4);
        for (int trial = 0; trial < 100; trial++)
        {
            double[] scores = [.. Enumerable.Range(0, 60).Select(_ => Math.Round(random.NextDouble(), 1))];
            bool[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 || random.Next(4) == 0)];

            var counts = ThresholdCurve.Of(scores, labels).Select(point => point.Counts).ToArray();

            var steps = counts.Zip(counts.Skip(1)).ToArray();
            Assert.Equal(
                Ranking.Auroc(scores, labels),
                steps.Sum(step => (step.Second.FalsePositiveRate - step.First.FalsePositiveRate) * (step.First.Recall + step.Second.Recall) / 2), 12);
            Assert.Equal(Ranking.AveragePrecision(scores, labels), steps.Sum(step => (step.Second.Recall - step.First.Recall) * step.Second.Precision), 12);
        }
    }

    [Fact]
    public void Of_SomeItems_BeginsWithNothingFoundAndEndsWithEverything()
    {
        var curve = ThresholdCurve.Of(Scores, Labels);

        Assert.Equal(new Confusion(0, 0, 5, 5), curve[0].Counts);
        Assert.Equal(new Confusion(5, 5, 0, 0), curve[^1].Counts);
        Assert.Equal(7, curve.Length);
    }

    [Fact]
    public void BalancedAccuracy_UnequalClasses_IsTheMeanOfBothShares()
    {
        Assert.Equal((0.75 + 0.9) / 2, new Confusion(TruePositives: 3, FalsePositives: 10, TrueNegatives: 90, FalseNegatives: 1).BalancedAccuracy, 15);
        Assert.True(double.IsNaN(new Confusion(3, 0, 0, 1).BalancedAccuracy));
    }
}
