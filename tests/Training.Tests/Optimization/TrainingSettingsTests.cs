namespace SlungOrleans.Training.Tests.Optimization;

public sealed class TrainingSettingsTests
{
    private static readonly TrainingSettings Good = new() { Steps = 10, BatchSize = 2, WarmUpSteps = 10 };

    [Fact]
    public void Validate_OfGoodSettings_Passes() => Good.Validate();

    [Fact]
    public void Validate_OfManyFaults_NamesEveryOne()
    {
        var bad = new TrainingSettings
        {
            Steps = 0,
            BatchSize = -1,
            LearningRate = double.NaN,
            WarmUpSteps = 5,
            Schedule = (ScheduleKind)7,
            FinalLearningRateShare = 1.5,
            AdamW = new AdamWSettings { Beta1 = 1, Beta2 = -0.1, Epsilon = 0, WeightDecay = -1 },
            ClipNorm = 0,
            CheckpointEvery = 0,
        };
        string message = Assert.Throws<ArgumentException>(bad.Validate).Message;
        Assert.Equal(
            "The training settings cannot be used: Steps is 0, expected at least 1; BatchSize is -1, expected at least 1; LearningRate is NaN, "
            + "expected above 0; WarmUpSteps is 5, expected 0 to the number of steps; Schedule is 7, expected cosine or constant; "
            + "FinalLearningRateShare is 1.5, expected 0 to 1; Beta1 is 1, expected 0 to below 1; Beta2 is -0.1, expected 0 to below 1; "
            + "Epsilon is 0, expected above 0; WeightDecay is -1, expected at least 0; ClipNorm is 0, expected above 0; "
            + "CheckpointEvery is 0, expected at least 1.",
            message);
    }

    [Fact]
    public void Validate_OfValuesBeyondTheirRange_IsRefused()
    {
        TrainingSettings[] bad =
        [
            Good with { LearningRate = 0 },
            Good with { LearningRate = double.PositiveInfinity },
            Good with { WarmUpSteps = 11 },
            Good with { WarmUpSteps = -1 },
            Good with { FinalLearningRateShare = double.NaN },
            Good with { ClipNorm = double.NaN },
            Good with { AdamW = new AdamWSettings { Epsilon = double.NaN } },
        ];
        Assert.All(bad, settings => Assert.Throws<ArgumentException>(settings.Validate));
    }
}
