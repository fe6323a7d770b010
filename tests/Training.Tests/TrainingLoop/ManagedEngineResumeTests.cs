namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>The loop on the engine that the lab trains with.</summary>
public sealed class ManagedEngineResumeTests
{
    private const int Steps = 6;

    [Fact]
    public void Run_OnOneOrTwoThreadsStoppedAtAnyStep_IsTheUninterruptedRun()
    {
        TrainingResult expected;
        using (var folder = new TestFolder())
        {
            expected = Request(folder, 1, threads: 1).Train();
        }

        Assert.Equal(TrainingEnd.Completed, expected.End);
        for (int stopAt = 1; stopAt < Steps; stopAt++)
        {
            using var folder = new TestFolder();
            using var stop = new CancellationTokenSource();
            TrainingResult first = (Request(folder, 1, threads: 2) with { OnStep = Stop }).Train(stop.Token);
            Assert.Equal((TrainingEnd.Interrupted, stopAt), (first.End, first.Step));
            Assert.Equal(expected with { ResumedFrom = stopAt }, Request(folder, 2, threads: 1 + (stopAt % 2)).Train());

            void Stop(StepMetrics metrics)
            {
                if (metrics.Step == stopAt)
                {
                    stop.Cancel();
                }
            }
        }
    }

    private static TrainingRequest Request(TestFolder folder, long epoch, int threads)
    {
        TrainingRequest request = TestRun.Request(folder.Store, epoch, Steps);
        return request with
        {
            Engine = new ManagedEngine(),
            Model = request.Model with { VocabularySize = 40, HiddenSize = 16, Layers = 2, Heads = 2, FeedForwardSize = 24, MaximumSequenceLength = 12 },
            Data = TestRun.RandomSequences(10, 12, 40),
            Settings = request.Settings with { CheckpointEvery = 4, LearningRate = 1e-2 },
            Threads = threads,
        };
    }
}
