namespace SlungOrleans.Evaluation.Tests;

public sealed class RankingTests
{
    private static readonly bool[] Labels = [false, false, true, true, false, true, true, false, true, false];
    private static readonly double[] Scores = [.1, .4, .35, .8, .4, .4, .9, .2, .2, .9];

    // roc_auc_score and average_precision_score of scikit-learn 1.2.1.
    [Fact]
    public void Auroc_WithTies_EqualsScikitLearn() => Assert.Equal(0.6, Ranking.Auroc(Scores, Labels), 15);

    [Fact]
    public void AveragePrecision_WithTies_EqualsScikitLearn() => Assert.Equal(0.5587301587301587, Ranking.AveragePrecision(Scores, Labels), 15);

    [Fact]
    public void Auroc_RandomScoresWithManyTies_EqualsCountingEveryPair()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 200; trial++)
        {
            int n = random.Next(2, 40);
            double[] scores = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(6))];
            bool[] labels = [.. Enumerable.Range(0, n).Select(i => i == 0 || (i != 1 && random.Next(2) == 0))];

            double won = 0;
            int pairs = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    if (labels[i] && !labels[j])
                    {
                        pairs++;
                        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }
                }
            }

            Assert.Equal(won / pairs, Ranking.Auroc(scores, labels), 14);
        }
    }

    [Fact]
    public void AveragePrecision_RandomScores_EqualsSumOverThresholds()
    {
        var random = new Random(2);
        for (int trial = 0; trial < 200; trial++)
        {
            int n = random.Next(1, 30);
            double[] scores = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(5))];
            bool[] labels = [.. Enumerable.Range(0, n).Select(i => i == 0 || random.Next(3) == 0)];
            double expected = 0;
            double recallBefore = 0;
            foreach (double threshold in scores.Distinct().OrderDescending())
            {
                Confusion counts = Confusion.Count(scores, labels, threshold - 0.5);
                expected += (counts.Recall - recallBefore) * counts.Precision;
                recallBefore = counts.Recall;
            }

            Assert.Equal(expected, Ranking.AveragePrecision(scores, labels), 13);
        }
    }

    [Fact]
    public void Auroc_InfiniteScores_AreRanked() =>
        Assert.Equal(1, Ranking.Auroc([double.NegativeInfinity, 0, double.PositiveInfinity], [false, false, true]));

    [Fact]
    public void Measures_OneClassOnly_AreNotANumber()
    {
        Assert.Equal(double.NaN, Ranking.Auroc([1, 2], [true, true]));
        Assert.Equal(double.NaN, Ranking.Auroc([], []));
        Assert.Equal(double.NaN, Ranking.AveragePrecision([1, 2], [false, false]));
    }

    [Fact]
    public void Measures_BadInput_SayWhatIsWrong()
    {
        Assert.Contains("Score 1 is not a number", Assert.Throws<ArgumentException>(() => Ranking.Auroc([0, double.NaN], [true, false])).Message);
        Assert.Contains("2 scores but 1 labels", Assert.Throws<ArgumentException>(() => Ranking.AveragePrecision([0, 1], [true])).Message);
    }

    [Fact]
    public void Confusion_Count_GivesEveryMeasure()
    {
        // Predicted positive: above 0.5.
        Confusion counts = Confusion.Count([0.9, 0.6, 0.5, 0.2, 0.7, 0.1], [true, false, true, false, true, false], 0.5);

        Assert.Equal(new Confusion(TruePositives: 2, FalsePositives: 1, TrueNegatives: 2, FalseNegatives: 1), counts);
        Assert.Equal(4.0 / 6, counts.Accuracy, 15);
        Assert.Equal(2.0 / 3, counts.Precision, 15);
        Assert.Equal(2.0 / 3, counts.Recall, 15);
        Assert.Equal(2.0 / 3, counts.F1, 15);
    }

    [Fact]
    public void Confusion_NothingPositive_IsZero()
    {
        Confusion counts = Confusion.Count([0, 0], [false, false], 0.5);

        Assert.Equal((1.0, 0.0, 0.0, 0.0), (counts.Accuracy, counts.Precision, counts.Recall, counts.F1));
    }
}
