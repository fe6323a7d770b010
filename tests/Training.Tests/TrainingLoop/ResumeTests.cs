using SlungOrleans.Storage;

namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>Wherever a run is interrupted, it comes to the same bits as without.</summary>
public sealed class ResumeTests
{
    [Fact]
    public void Run_StoppedAtAnyStepAndResumed_IsTheUninterruptedRun()
    {
        TrainingResult expected = TestRun.Uninterrupted();
        for (int stopAt = 1; stopAt < TestRun.Steps; stopAt++)
        {
            using var folder = new TestFolder();
            using var stop = new CancellationTokenSource();
            TrainingResult first = (TestRun.Request(folder.Store, 1) with { OnStep = Stop }).Train(stop.Token);
            Assert.Equal((TrainingEnd.Interrupted, stopAt, 0L), (first.End, first.Step, first.ResumedFrom));

            var steps = new List<long>();
            TrainingResult second = (TestRun.Request(folder.Store, 2) with { OnStep = metrics => steps.Add(metrics.Step) }).Train();

            Assert.Equal(expected with { ResumedFrom = stopAt }, second);
            Assert.Equal(Enumerable.Range(stopAt + 1, TestRun.Steps - stopAt).Select(step => (long)step), steps);

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
    public void Run_StoppedAtEveryStep_IsTheUninterruptedRun()
    {
        using var folder = new TestFolder();
        TrainingResult result;
        long epoch = 0;
        do
        {
            using var stop = new CancellationTokenSource();
            result = (TestRun.Request(folder.Store, ++epoch) with { OnStep = _ => stop.Cancel() }).Train(stop.Token);
        }
        while (result.End == TrainingEnd.Interrupted);

        Assert.Equal(TestRun.Uninterrupted() with { ResumedFrom = TestRun.Steps - 1 }, result);
        Assert.Equal(TestRun.Steps, epoch);
    }

    [Fact]
    public void Run_StoppedBeforeItsFirstStep_LosesNothing()
    {
        using var folder = new TestFolder();
        TrainingResult result = TestRun.Request(folder.Store, 1).Train(new CancellationToken(canceled: true));
        Assert.Equal((TrainingEnd.Interrupted, 0L, double.NaN), (result.End, result.Step, result.FinalLoss));
        Assert.Equal(TestRun.Uninterrupted(), TestRun.Request(folder.Store, 2).Train());
    }

    [Fact]
    public void Run_OfCompletedRun_TrainsNothingAndSaysTheSame()
    {
        using var folder = new TestFolder();
        TrainingResult first = TestRun.Request(folder.Store, 1).Train();
        IReadOnlyList<string> files = folder.Files();
        TrainingResult second = (TestRun.Request(folder.Store, 2) with { OnStep = _ => Assert.Fail("A step was trained.") }).Train();
        Assert.Equal(first with { ResumedFrom = TestRun.Steps }, second);
        Assert.Equal(files, folder.Files());
    }

    /// <summary>The process dies before or after every operation on the store that the run makes.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_KilledAtAnyOperation_GoesOnFromTheLastCommitAndIsTheUninterruptedRun(bool after)
    {
        TrainingResult expected = TestRun.Uninterrupted();
        int operations = CountOperations();
        Assert.InRange(operations, 40, 200);
        for (int operation = 1; operation <= operations; operation++)
        {
            using var folder = new TestFolder();
            long committed = 0;
            TrainingRequest killed = TestRun.Request(InterposedStore.Dying(folder.Store, operation, after), 1) with
            {
                OnCheckpoint = manifest => committed = manifest.Step,
            };
            Assert.Throws<BlobStoreException>(() => killed.Train());

            var notices = new List<string>();
            TrainingResult result = (TestRun.Request(folder.Store, 2) with { OnNotice = notices.Add }).Train();

            // A commit that the killed attempt did not hear of may have held.
            Assert.InRange(result.ResumedFrom, committed, committed + TestRun.CheckpointEvery);
            Assert.Equal(0, result.ResumedFrom % TestRun.CheckpointEvery);
            Assert.Equal(expected with { ResumedFrom = result.ResumedFrom }, result);
            Assert.DoesNotContain(notices, notice => notice.Contains("skipped", StringComparison.Ordinal));
            AssertTidy(folder);
        }
    }

    /// <summary>Attempts die one after the other, each a little later in its work than the one before.</summary>
    [Fact]
    public void Run_KilledAgainAndAgain_IsTheUninterruptedRun()
    {
        using var folder = new TestFolder();
        TrainingResult? result = null;
        int epoch = 0;
        while (result is null)
        {
            epoch++;
            Assert.InRange(epoch, 1, 200);
            try
            {
                result = TestRun.Request(InterposedStore.Dying(folder.Store, 5 + (epoch % 25), epoch % 2 == 0), epoch).Train();
            }
            catch (BlobStoreException)
            {
                // The next attempt goes on.
            }
        }

        Assert.InRange(epoch, 10, 200);
        Assert.Equal(TestRun.Uninterrupted() with { ResumedFrom = result.ResumedFrom }, result);
        AssertTidy(folder);
    }

    /// <summary>
    /// At every operation the attempt stands still while another, of a newer epoch, takes the run over and is interrupted; then it goes on
    /// as if nothing had been. It must not spoil what the newer one has committed.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_TakenOverAtAnyOperation_CannotSpoilTheNewerAttempt(bool after)
    {
        TrainingResult expected = TestRun.Uninterrupted();
        int operations = CountOperations();
        int superseded = 0;
        for (int operation = 1; operation <= operations; operation++)
        {
            using var folder = new TestFolder();
            TrainingResult? newer = null;
            try
            {
                TestRun.Request(new InterposedStore(folder.Store, operation, after, TakeOver), 1).Train();
                Assert.Equal(TestRun.Steps, newer!.Step);
            }
            catch (EpochSupersededException failure)
            {
                Assert.Equal(2, failure.Newer);
                superseded++;
            }

            using ITrainableModel model = new BigramModel(TestRun.Request(folder.Store, 2).Model);
            CheckpointLoad load = await new CheckpointStore(folder.Store, TestRun.Folder).LoadLatestAsync(model);
            Assert.Equal((newer!.Step, newer.WeightsHash), (load.Manifest!.Step, load.Manifest.Weights.Sha256));
            Assert.Empty(load.Skipped);
            Assert.Equal(expected with { ResumedFrom = newer.Step }, TestRun.Request(folder.Store, 3).Train());
            AssertTidy(folder);

            void TakeOver()
            {
                using var stop = new CancellationTokenSource();
                int steps = 0;
                newer = (TestRun.Request(folder.Store, 2) with { OnStep = StopAfterFive }).Train(stop.Token);

                void StopAfterFive(StepMetrics metrics)
                {
                    if (++steps == 5)
                    {
                        stop.Cancel();
                    }
                }
            }
        }

        Assert.InRange(superseded, operations / 2, operations);
    }

    private static int CountOperations()
    {
        using var folder = new TestFolder();
        var counting = new InterposedStore(folder.Store, 0, false, () => { });
        TestRun.Request(counting, 1).Train();
        return counting.Operations;
    }

    /// <summary>The head and two checkpoints of three files each are all that is left.</summary>
    private static void AssertTidy(TestFolder folder)
    {
        Assert.Equal(7, folder.Files().Count);
        Assert.Equal(2, folder.Files("manifest-*").Count);
    }
}
