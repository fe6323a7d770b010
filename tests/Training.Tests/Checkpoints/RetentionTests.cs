using SlungOrleans.Training.Tests.TrainingLoop;

namespace SlungOrleans.Training.Tests.Checkpoints;

public sealed class RetentionTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly BigramModel _model = new(TestRun.Model);
    private readonly CheckpointUser _reader = new("evaluation-a", TimeSpan.FromMinutes(10));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    /// <summary>What is kept while a run goes on, worked out by hand: losses fall to step 40 and rise again.</summary>
    [Theory]
    [InlineData(1, 0, 0, "80")]
    [InlineData(3, 0, 0, "80 70 60")]
    [InlineData(1, 30, 0, "80 60 30")]
    [InlineData(1, 0, 2, "80 40 30")]
    [InlineData(2, 30, 1, "80 70 60 40 30")]
    public async Task Commit_UnderPolicy_KeepsWhatItSays(int latest, long every, int best, string expected)
    {
        CheckpointStore store = Store(new RetentionPolicy { Latest = latest, EverySteps = every, Best = best });
        await CommitAsync(store, 10, 20, 30, 40, 50, 60, 70, 80);
        Assert.Equal(expected, await StepsAsync());
        AssertNothingElseThanHead(expected.Split(' ').Length);
    }

    [Theory]
    [InlineData(8, "80 70 60 40 30", "")]
    [InlineData(4, "80 70 60 40", "30")]
    [InlineData(3, "80 70 40", "60 30")]
    [InlineData(2, "80 70", "60 40 30")]
    [InlineData(1, "80", "70 60 40 30")]
    public async Task Plan_WithinBudget_TakesTheLeastNeededFirst(int checkpoints, string kept, string deleted)
    {
        CheckpointStore store = Store(new RetentionPolicy { Latest = 2, EverySteps = 30, Best = 1 });
        await CommitAsync(store, 10, 20, 30, 40, 50, 60, 70, 80);
        long bytes = (await store.PlanAsync()).Decisions[0].Bytes;

        RetentionPlan plan = await store.PlanAsync(new RetentionPolicy { Latest = 2, EverySteps = 30, Best = 1, BudgetBytes = (bytes * checkpoints) + 1 });

        Assert.Equal(kept, Steps(plan, deleted: false));
        Assert.Equal(deleted, Steps(plan, deleted: true));
        Assert.Equal((bytes * kept.Split(' ').Length, 0), (plan.BytesKept, plan.BytesOverBudget));
        Assert.Equal("80 70 60 40 30", await StepsAsync());
    }

    [Fact]
    public async Task Plan_ThatCannotKeepToItsBudget_SaysByHowMuch()
    {
        CheckpointStore store = Store();
        await CommitAsync(store, 10);
        await store.PinAsync(10, pinned: true);
        await CommitAsync(store, 20, 30);
        RetentionPlan plan = await store.PlanAsync(new RetentionPolicy { BudgetBytes = 1 });
        Assert.Equal("20", Steps(plan, deleted: true));
        Assert.Equal((plan.BytesKept - 1, RetentionReasons.Pinned), (plan.BytesOverBudget, plan.Decisions[2].Reasons));
    }

    /// <summary>Three fit: the newest always, then the latest; step 10 is read and stays until it is released, whatever the budget.</summary>
    [Fact]
    public async Task Commit_BeyondBudget_DeletesTheLeastNeededButNeverWhatIsInUse()
    {
        CheckpointStore sizes = Store();
        await CommitAsync(sizes, 10);
        long bytes = (await sizes.PlanAsync()).Decisions[0].Bytes;
        CheckpointStore store = Store(new RetentionPolicy { Latest = 8, BudgetBytes = 3 * bytes });
        await Store().LoadWeightsAsync(_model, _reader);
        await CommitAsync(store, 20, 30, 40);
        Assert.Equal("40 30 10", await StepsAsync());

        await store.PinAsync(40, pinned: true);
        await CommitAsync(store, 50, 60);
        Assert.Equal("60 40 10", await StepsAsync());
        await store.ReleaseAsync(_reader);
        await CommitAsync(store, 70);
        Assert.Equal("70 60 40", await StepsAsync());
        AssertNothingElseThanHead(3);
    }

    [Fact]
    public async Task Commit_OfManyAfterPin_KeepsThePinnedUntilItIsUnpinned()
    {
        CheckpointStore store = Store();
        await CommitAsync(store, 10);
        Assert.True(await store.PinAsync(10, pinned: true));
        Assert.False(await store.PinAsync(11, pinned: true));
        await CommitAsync(store, 20, 30, 40);
        Assert.Equal("40 30 10", await StepsAsync());
        await store.PinAsync(10, pinned: false);
        await CommitAsync(store, 50);
        Assert.Equal("50 40", await StepsAsync());
        AssertNothingElseThanHead(2);
    }

    [Fact]
    public async Task Score_OfCheckpoint_DecidesWhichIsBest()
    {
        CheckpointStore store = Store(new RetentionPolicy { Latest = 1, Best = 1 });
        await CommitAsync(store, 10);
        Assert.True(await store.ScoreAsync(10, -5));
        await CommitAsync(store, 20, 30, 40, 50);
        Assert.Equal("50 10", await StepsAsync());
    }

    [Fact]
    public async Task Commit_WhileACheckpointIsRead_KeepsItUntilItIsReleased()
    {
        CheckpointStore trainer = Store(), evaluator = Store();
        await CommitAsync(trainer, 10);
        Assert.Equal(10, (await evaluator.LoadWeightsAsync(_model, _reader)).Manifest!.Step);
        await CommitAsync(trainer, 20, 30, 40);
        Assert.Equal("40 30 10", await StepsAsync());
        Assert.Equal(RetentionReasons.InUse, (await trainer.PlanAsync()).Decisions[2].Reasons);

        await evaluator.ReleaseAsync(_reader);
        await CommitAsync(trainer, 50);
        Assert.Equal("50 40", await StepsAsync());
        Assert.DoesNotContain("uses", await File.ReadAllTextAsync(Path.Combine(_folder.Path, TestRun.Folder, "head.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_AfterReaderIsGone_KeepsItsCheckpointUntilTheUseTimesOut()
    {
        CheckpointStore trainer = Store(), evaluator = Store();
        await CommitAsync(trainer, 10);
        await evaluator.LoadWeightsAsync(_model, _reader);
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.True(await evaluator.RenewAsync(_reader));
        _clock.Advance(TimeSpan.FromMinutes(9));
        await CommitAsync(trainer, 20, 30);
        Assert.Equal("30 20 10", await StepsAsync());
        _clock.Advance(TimeSpan.FromMinutes(2));
        await CommitAsync(trainer, 40);
        Assert.Equal("40 30", await StepsAsync());
        Assert.False(await evaluator.RenewAsync(_reader));
    }

    /// <summary>An attempt that was killed while it resumed must not hold its checkpoint for an hour.</summary>
    [Fact]
    public async Task Begin_OfNewerAttempt_EndsTheUseOfTheOlder()
    {
        CheckpointStore store = Store();
        await store.BeginAsync(1);
        await CommitAsync(store, 10);
        await Store().LoadLatestAsync(_model, new CheckpointUser("attempt-1", TimeSpan.FromHours(1), 1));
        await Store().BeginAsync(2);
        Assert.DoesNotContain("uses", await File.ReadAllTextAsync(Path.Combine(_folder.Path, TestRun.Folder, "head.json")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<EpochSupersededException>(
            () => Store().LoadLatestAsync(_model, new CheckpointUser("attempt-1", TimeSpan.FromHours(1), 1)));
    }

    [Fact]
    public async Task CarryOut_OfPlan_DeletesExactlyWhatItSays()
    {
        CheckpointStore store = Store(new RetentionPolicy { Latest = 9 });
        await CommitAsync(store, 10, 20, 30, 40);
        RetentionPlan plan = await store.PlanAsync(new RetentionPolicy { Latest = 2 });
        Assert.Equal("20 10", Steps(plan, deleted: true));
        Assert.Equal("40 30 20 10", await StepsAsync());
        await CommitAsync(store, 50);

        await Store().CarryOutAsync(plan);

        Assert.Equal("50 40 30", await StepsAsync());
        AssertNothingElseThanHead(3);
        RetentionPlanException failure = await Assert.ThrowsAsync<RetentionPlanException>(() => store.CarryOutAsync(plan));
        Assert.Equal("The plan does not hold any more, and nothing was deleted: the checkpoint of step 20 is not there any more.", failure.Message);
    }

    [Fact]
    public async Task CarryOut_OfPlanThatHoldsNoMore_DeletesNothing()
    {
        CheckpointStore store = Store(new RetentionPolicy { Latest = 9 });
        await CommitAsync(store, 10, 20, 30);
        RetentionPlan plan = await store.PlanAsync(new RetentionPolicy { Latest = 1 });
        await store.PinAsync(10, pinned: true);
        Assert.Contains("step 10 has been pinned.", (await Assert.ThrowsAsync<RetentionPlanException>(() => store.CarryOutAsync(plan))).Message, StringComparison.Ordinal);
        await store.PinAsync(10, pinned: false);
        await Store().LoadBeforeAsync(_model, 30, _reader);
        Assert.Contains(
            "step 20 is in use by 'evaluation-a' until 2026-01-01 00:10:00Z.", (await Assert.ThrowsAsync<RetentionPlanException>(() => store.CarryOutAsync(plan))).Message, StringComparison.Ordinal);
        Assert.Equal("30 20 10", await StepsAsync());
        await store.ReleaseAsync(_reader);
        await store.CarryOutAsync(plan);
        Assert.Equal("30", await StepsAsync());
    }

    /// <summary>A person's pin is not known any more when the record is damaged: everything is kept rather than that one be deleted.</summary>
    [Fact]
    public async Task Commit_AfterDamagedHead_KeepsAllThatWasThere()
    {
        CheckpointStore store = Store();
        await CommitAsync(store, 10);
        await store.PinAsync(10, pinned: true);
        await CommitAsync(store, 20, 30);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, TestRun.Folder, "head.json"), "torn");
        await CommitAsync(Store(), 40, 50, 60);
        Assert.Equal("60 50 30 20 10", await StepsAsync());
    }

    [Fact]
    public void Create_WithPolicyOutOfRange_NamesEveryFault()
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => Store(new RetentionPolicy { Latest = 0, EverySteps = -1, Best = -2, BudgetBytes = 0 }));
        Assert.Equal(
            "The retention policy cannot be used: Latest is 0, expected at least 1; EverySteps is -1, expected at least 0; Best is -2, expected at least 0; BudgetBytes is 0, expected above 0.",
            failure.Message);
    }

    private static string Steps(RetentionPlan plan, bool deleted) =>
        string.Join(' ', plan.Decisions.Where(decision => decision.IsDeleted == deleted).Select(decision => decision.Step));

    private CheckpointStore Store(RetentionPolicy? policy = null) => new(_folder.Store, TestRun.Folder, policy, _clock);

    private async Task<string> StepsAsync() => string.Join(' ', (await Store().ListAsync()).Select(manifest => manifest.Step));

    private async Task CommitAsync(CheckpointStore store, params long[] steps)
    {
        foreach (long step in steps)
        {
            _model.Initialise((ulong)step);
            var info = new CheckpointInfo { Step = step, SequencesConsumed = step, Seed = 1, Settings = new Dictionary<string, string>(), Loss = Math.Abs(step - 39) };
            await store.CommitAsync(_model, info, epoch: 1);
        }
    }

    private void AssertNothingElseThanHead(int checkpoints) => Assert.Equal(1 + (3 * checkpoints), _folder.Files().Count);

    private sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        internal void Advance(TimeSpan time) => _now += time;
    }
}
