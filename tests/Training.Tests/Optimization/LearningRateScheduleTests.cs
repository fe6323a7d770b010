namespace SlungOrleans.Training.Tests.Optimization;

public sealed class LearningRateScheduleTests
{
    /// <summary>Worked by hand: peak 1, warm-up 4 of 12 steps, down to 0.2: cos(0), cos(π/4), cos(π/2), cos(3π/4), cos(π).</summary>
    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(3, 0.75)]
    [InlineData(4, 1)]
    [InlineData(6, 0.2 + (0.8 * 0.5 * 1.7071067811865475))]
    [InlineData(8, 0.6)]
    [InlineData(10, 0.2 + (0.8 * 0.5 * 0.2928932188134524))]
    [InlineData(12, 0.2)]
    public void Cosine_OfStep_IsWorkedValue(long step, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Cosine(step, 1, 4, 12, 0.2), 1e-15);

    [Fact]
    public void Cosine_WithoutWarmUp_StartsBelowPeak()
    {
        Assert.Equal(3e-3 * 0.5, LearningRateSchedule.Cosine(1, 3e-3, 0, 2, 0), 1e-18);
        Assert.Equal(0, LearningRateSchedule.Cosine(2, 3e-3, 0, 2, 0), 1e-18);
    }

    [Fact]
    public void Cosine_WithWarmUpToTheEnd_EndsAtPeak() => Assert.Equal(2e-3, LearningRateSchedule.Cosine(10, 2e-3, 10, 10, 0.1));

    [Theory]
    [InlineData(1, 1e-4)]
    [InlineData(3, 3e-4)]
    [InlineData(4, 4e-4)]
    [InlineData(1000, 4e-4)]
    public void Constant_OfStep_IsWorkedValue(long step, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Constant(step, 4e-4, 4), 1e-18);

    [Fact]
    public void LearningRateAt_OfSettings_FollowsTheirSchedule()
    {
        var settings = new TrainingSettings { Steps = 12, BatchSize = 1, LearningRate = 1, WarmUpSteps = 4, FinalLearningRateShare = 0.2 };
        Assert.Equal(0.6, settings.LearningRateAt(8), 1e-15);
        Assert.Equal(1, (settings with { Schedule = ScheduleKind.Constant }).LearningRateAt(8));
        Assert.Equal(0.5, (settings with { Schedule = ScheduleKind.Constant }).LearningRateAt(2));
    }
}
