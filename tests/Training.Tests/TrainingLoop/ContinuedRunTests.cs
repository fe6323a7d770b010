namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>A run that is given more steps after its end is, to the bit, one that had a schedule of that span from the beginning.</summary>
public sealed class ContinuedRunTests
{
    private const int Short = 7;

    [Theory]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.Constant)]
    public void Run_ContinuedAndStoppedAtAnyStep_IsTheRunThatKnewFromTheBeginning(ScheduleKind schedule)
    {
        TrainingResult expected;
        using (var folder = new TestFolder())
        {
            expected = Request(folder, 1, TestRun.Steps, Short, schedule).Train();
        }

        for (int stopAt = Short + 1; stopAt < TestRun.Steps; stopAt++)
        {
            using var folder = new TestFolder();
            using var stop = new CancellationTokenSource();
            TrainingResult first = Request(folder, 1, Short, null, schedule).Train();
            Assert.Equal((TrainingEnd.Completed, Short), (first.End, first.Step));
            (Request(folder, 2, TestRun.Steps, Short, schedule) with { OnStep = Stop }).Train(stop.Token);

            Assert.Equal(expected with { ResumedFrom = stopAt }, Request(folder, 3, TestRun.Steps, Short, schedule).Train());

            void Stop(StepMetrics metrics)
            {
                if (metrics.Step == stopAt)
                {
                    stop.Cancel();
                }
            }
        }
    }

    [Fact]
    public void Run_ContinuedTwice_IsTheRunContinuedOnce()
    {
        using var once = new TestFolder();
        using var twice = new TestFolder();
        foreach (TestFolder folder in new[] { once, twice })
        {
            Request(folder, 1, Short, null, ScheduleKind.Cosine).Train();
        }

        Request(twice, 2, Short + 2, Short, ScheduleKind.Cosine).Train();
        Assert.Equal(
            Request(once, 2, TestRun.Steps, Short, ScheduleKind.Cosine).Train() with { ResumedFrom = Short + 2 },
            Request(twice, 3, TestRun.Steps, Short, ScheduleKind.Cosine).Train());
    }

    /// <summary>A constant rate has no span: what is continued is what would have been trained anyway.</summary>
    [Fact]
    public void Run_OfConstantRateContinued_IsTheLongRun()
    {
        using var continued = new TestFolder();
        using var whole = new TestFolder();
        Request(continued, 1, Short, null, ScheduleKind.Constant).Train();

        Assert.Equal(
            Request(whole, 1, TestRun.Steps, null, ScheduleKind.Constant).Train() with { ResumedFrom = Short },
            Request(continued, 2, TestRun.Steps, Short, ScheduleKind.Constant).Train());
    }

    [Fact]
    public void LearningRate_AfterTheSpan_StaysAtTheFinalShare()
    {
        var settings = new TrainingSettings { Steps = 30, ScheduleSteps = 20, BatchSize = 1, LearningRate = 0.5, WarmUpSteps = 5, FinalLearningRateShare = 0.1 };
        var shorter = settings with { Steps = 20, ScheduleSteps = null };

        Assert.All(Enumerable.Range(1, 20), step => Assert.Equal(shorter.LearningRateAt(step), settings.LearningRateAt(step)));
        Assert.All(Enumerable.Range(20, 11), step => Assert.Equal(0.05, settings.LearningRateAt(step), 15));
    }

    [Fact]
    public void FindFaults_SpanOutOfRange_NamesIt()
    {
        var settings = new TrainingSettings { Steps = 30, ScheduleSteps = 31, BatchSize = 1, WarmUpSteps = 32 };

        Assert.Equal(
            ["ScheduleSteps is 31, expected 1 to the number of steps", "WarmUpSteps is 32, expected 0 to the steps of the schedule"], settings.FindFaults());
    }

    private static TrainingRequest Request(TestFolder folder, long epoch, int steps, int? span, ScheduleKind schedule)
    {
        TrainingRequest request = TestRun.Request(folder.Store, epoch, steps);
        return request with { Settings = request.Settings with { ScheduleSteps = span, Schedule = schedule } };
    }
}
