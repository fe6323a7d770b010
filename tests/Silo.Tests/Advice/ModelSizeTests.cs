using SlungOrleans.Contracts;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Tests.Advice;

public sealed class ModelSizeTests
{
    [Theory]
    [InlineData(64, 3, 4, 176, "rms", true, 512)]
    [InlineData(48, 2, 3, 100, "layer", false, 300)]
    [InlineData(32, 1, 1, 17, "rms", false, 1001)]
    public void Parameters_OfAModel_AreThoseOfTheEngine(int hidden, int layers, int heads, int feedForward, string norm, bool tied, int vocabulary)
    {
        var model = new ModelSpecification { HiddenSize = hidden, Layers = layers, Heads = heads, FeedForwardSize = feedForward, Norm = norm, TiedEmbeddings = tied, SequenceLength = 16 };
        using var made = new ManagedEngine().Create(TrainingMapping.ToModel(model, vocabulary), 1);

        Assert.Equal(made.Parameters.Sum(parameter => parameter.Length), ModelSize.Parameters(model, vocabulary));
    }

    [Theory]
    [InlineData(1000, 200, 2, 0, 0, null, 3)]
    [InlineData(1000, 200, 2, 400, 1, null, 5)]
    [InlineData(1000, 200, 9, 0, 0, null, 5)]
    [InlineData(1000, 300, 9, 0, 0, null, 4)]
    [InlineData(1000, 200, 4, 0, 0, 250L, 3)]
    [InlineData(100, 200, 2, 0, 0, null, 1)]
    public void Checkpoints_OfARetention_CountTheOneBeingWritten(int steps, int every, int latest, int everySteps, int best, long? budget, int expected)
    {
        var training = new TrainingSpecification { Steps = steps, CheckpointEvery = every, Retention = new RetentionSpecification { Latest = latest, EverySteps = everySteps, Best = best, BudgetBytes = budget } };

        Assert.Equal(expected, ModelSize.Checkpoints(training, checkpointBytes: 100));
    }

    [Fact]
    public void Shares_AtThresholds_CountTextOutsideSpansAsBenign()
    {
        var characters = new long[ScoreHistogram.Bins];
        foreach (var (score, count) in new[] { (0.0, 10), (0.00005, 20), (0.3, 30), (0.98, 40), (0.999, 50), (1.0, 60) })
        {
            characters[ScoreHistogram.BinOf(score)] += count;
        }

        var (benign, middle, highRisk) = new ScoreHistogram([.. characters], 6, 1000).SharesAt(1e-4, 0.99);

        Assert.Equal((0.82, 0.07, 0.11), (benign, middle, highRisk), (one, two) => Math.Abs(one.Item1 - two.Item1) + Math.Abs(one.Item2 - two.Item2) + Math.Abs(one.Item3 - two.Item3) < 1e-9);
    }
}
