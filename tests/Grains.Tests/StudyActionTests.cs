using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class StudyActionTests
{
    [Fact]
    public async Task Continue_CompletedStudy_TrainsAndEvaluatesAgainBesideWhatThereIs()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        var first = await WorkToTheEndAsync(worker);
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);

        await study.ContinueAsync(1500);
        var again = await study.ContinueAsync(1500);
        Assert.Equal((StudyStage.Running, 0, 1500, 1000), (again.Stage, again.Verdicts.Length, again.Specification!.Training.Steps, again.Specification.Training.ScheduleSteps));

        // What it has been asked must be known after a restart too, before and after it has asked its runs.
        await host.StopAsync();
        await host.StartAgainAsync();
        study = host.Grains.GetGrain<IStudyGrain>("small");
        await study.GetAsync();
        var second = await WorkToTheEndAsync(await host.JoinAsync("silo", "second"));
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);

        Assert.Equal(Keys(first, WorkKind.Train), Keys(second, WorkKind.Train));
        Assert.Equal(Keys(first, WorkKind.Evaluate).Select(id => $"{id}-t1500"), Keys(second, WorkKind.Evaluate));
        Assert.DoesNotContain(second, ticket => ticket.Kind is WorkKind.Import or WorkKind.Tag or WorkKind.Prepare);
        var view = await study.GetAsync();
        Assert.Equal(["a verdict"], view.Verdicts.AsEnumerable());
        Assert.All(view.Runs, run => Assert.Equal((WorkState.Completed, 2, 2, 1500L), (run.State, run.EvaluationsDone, run.Evaluations, run.Steps)));
        foreach (var id in Keys(first, WorkKind.Evaluate))
        {
            Assert.Equal(WorkState.Completed, (await host.Grains.GetGrain<IEvaluationGrain>(id).GetAsync()).Work.State);
        }
    }

    [Fact]
    public async Task Continue_StudyThatRuns_IsRefused()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);

        var refusal = await Assert.ThrowsAsync<LabException>(() => study.ContinueAsync(1500));

        Assert.Equal("Study 'small' is importing; only a completed study can be continued with more steps.", refusal.Message);
    }

    [Fact]
    public async Task Continue_RunOfAStudyThatRuns_IsRefused()
    {
        await using var host = await GrainHost.StartAsync();
        await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        WorkTicket done;
        do
        {
            done = await worker.FinishNextAsync(StudyGrainTests.Complete);
        }
        while (done.Kind != WorkKind.Train);

        var refusal = await Assert.ThrowsAsync<LabException>(() => host.Grains.GetGrain<ITrainingRunGrain>(done.Key).ContinueAsync(1500));

        Assert.Contains("is part of study 'small', which has not ended", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_RunningStudy_HoldsItAcrossARestartUntilItIsResumed()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        WorkTicket done;
        do
        {
            done = await worker.FinishNextAsync(StudyGrainTests.Complete);
        }
        while (done.Kind != WorkKind.Prepare);
        var (lease, grain, epoch) = await worker.TakeAsync();

        Assert.True((await study.PauseAsync()).Paused);
        Assert.True((await study.PauseAsync()).Paused);
        Assert.Equal(WorkDirective.Stop, await grain.ReportAsync(epoch, new WorkProgress()));
        await grain.FinishAsync(epoch, new WorkOutcome { State = WorkState.Queued });
        await host.Pool.ReleaseAsync(lease);
        await host.StopAsync();
        await host.StartAgainAsync();
        study = host.Grains.GetGrain<IStudyGrain>("small");
        var paused = await study.GetAsync();
        Assert.True(paused.Paused);
        Assert.All(paused.Runs, run => Assert.Equal(WorkState.Paused, run.State));
        Assert.Empty((await host.Pool.GetAsync()).Queue);

        Assert.False((await study.ResumeAsync()).Paused);
        Assert.False((await study.ResumeAsync()).Paused);
        await WorkToTheEndAsync(await host.JoinAsync("silo", "second"));
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);
    }

    /// <summary>Its silo has died while it told its runs.</summary>
    [Fact]
    public async Task Pause_RunThatHasNotHeardOfIt_HearsOfItAfterARestart()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        while ((await worker.FinishNextAsync(StudyGrainTests.Complete)).Kind != WorkKind.Prepare)
        {
        }

        await Wait.UntilAsync(async () => (await study.GetAsync()).Runs.All(known => known.State == WorkState.Queued), "all runs to be queued");
        var run = (await study.PauseAsync()).Runs[0].Id;
        Assert.Equal(WorkState.Queued, (await host.Grains.GetGrain<ITrainingRunGrain>(run).ResumeAsync()).Training.State);
        await host.StopAsync();
        await host.StartAgainAsync();

        await host.Grains.GetGrain<IStudyGrain>("small").GetAsync();

        await Wait.UntilAsync(async () => (await host.Grains.GetGrain<ITrainingRunGrain>(run).GetAsync()).Training.State == WorkState.Paused, "the run to be paused");
        await Wait.UntilAsync(async () => (await host.Pool.GetAsync()).Queue.IsEmpty, "the queue to be empty");
    }

    [Fact]
    public async Task Retry_StudyWithAFailedRun_CompletesIt()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        var failed = await WorkToTheEndButARunAsync(worker, FailureKind.OutOfMemory);
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);
        Assert.Contains("Incomplete", (await study.GetAsync()).Message, StringComparison.Ordinal);

        await study.RetryAsync();
        Assert.Equal(StudyStage.Running, (await study.RetryAsync()).Stage);
        var done = await WorkToTheEndAsync(worker);
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);

        Assert.Equal([failed], Keys(done, WorkKind.Train));
        Assert.Equal(2, Keys(done, WorkKind.Evaluate).Count);
        Assert.Equal("", (await study.GetAsync()).Message);
        Assert.Equal(StudyStage.Completed, (await study.RetryAsync()).Stage);
    }

    /// <summary>Its study has gone on without the run, and does not hear of it by itself.</summary>
    [Fact]
    public async Task Retry_StudyWhoseRunWasRetriedByItself_EvaluatesIt()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        var failed = await WorkToTheEndButARunAsync(worker, FailureKind.Diverged);
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);
        await host.Grains.GetGrain<ITrainingRunGrain>(failed).RetryAsync();
        await worker.FinishNextAsync(StudyGrainTests.Complete);

        await study.RetryAsync();
        var done = await WorkToTheEndAsync(worker);
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);

        Assert.Equal(2, Keys(done, WorkKind.Evaluate).Count);
        Assert.All((await study.GetAsync()).Runs, run => Assert.Equal((WorkState.Completed, 2), (run.State, run.EvaluationsDone)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_StudyThatEndedEarly_GoesOn(bool cancelled)
    {
        await using var host = await GrainHost.StartAsync();
        var study = await StudyGrainTests.LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        if (cancelled)
        {
            await worker.FinishNextAsync(StudyGrainTests.Complete);
            await study.CancelAsync();
            await study.CancelAsync();
        }
        else
        {
            await worker.FinishNextAsync(_ => new WorkOutcome { State = WorkState.Failed, Failure = FailureKind.Poison, Message = "no such file" });
        }

        await StudyGrainTests.UntilStageAsync(study, cancelled ? StudyStage.Cancelled : StudyStage.Failed);

        await study.RetryAsync();
        await WorkToTheEndAsync(worker);
        await StudyGrainTests.UntilStageAsync(study, StudyStage.Completed);
    }

    private static async Task<List<WorkTicket>> WorkToTheEndAsync(TestWorker worker, Func<WorkTicket, WorkOutcome>? outcome = null)
    {
        var done = new List<WorkTicket>();
        do
        {
            done.Add(await worker.FinishNextAsync(outcome ?? StudyGrainTests.Complete));
        }
        while (done[^1].Kind != WorkKind.Compare);
        return done;
    }

    /// <summary>All work is completed but the first training, which fails once and for all. Returns that run.</summary>
    private static async Task<string> WorkToTheEndButARunAsync(TestWorker worker, FailureKind failure)
    {
        var failed = "";
        await WorkToTheEndAsync(worker, ticket =>
        {
            if (ticket.Kind != WorkKind.Train || failed.Length > 0)
            {
                return StudyGrainTests.Complete(ticket);
            }

            failed = ticket.Key;
            return new WorkOutcome { State = WorkState.Failed, Failure = failure, Message = "It failed." };
        });
        return failed;
    }

    private static List<string> Keys(IEnumerable<WorkTicket> tickets, WorkKind kind) =>
        [.. tickets.Where(ticket => ticket.Kind == kind).Select(ticket => ticket.Key).Order(StringComparer.Ordinal)];
}
