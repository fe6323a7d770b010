using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class RunActionTests
{
    private static readonly RunSpecification Specification = new() { Study = "none", Training = new TrainingSpecification { Steps = 20 } };

    /// <summary>The worker says nothing any more, and nobody takes its place.</summary>
    [Fact]
    public async Task Vanish_WorkerWithALease_TakesTheRunOutOfRunning()
    {
        var time = new ManualTime();
        await using var host = await GrainHost.StartAsync(time);
        var run = await QueueAsync(host);
        var (_, _, epoch) = await (await host.JoinAsync("silo")).TakeAsync();
        Assert.Equal(WorkState.Running, (await run.GetAsync()).Training.State);

        time.Advance(TimeSpan.FromSeconds(31));

        await UntilAsync(run, WorkState.Queued);
        var training = (await run.GetAsync()).Training;
        Assert.Equal((1, 0, FailureKind.NodeLost), (training.Starts, training.Failures, Assert.Single(training.Attempts).Failure));
        Assert.Equal("run", Assert.Single((await host.Pool.GetAsync()).Queue).Key);
        Assert.Equal(WorkDirective.Lost, await run.ReportAsync(epoch, new WorkProgress()));

        var (_, _, next) = await (await host.JoinAsync("other")).TakeAsync();
        Assert.Equal(epoch + 1, next);
        Assert.Equal(WorkState.Running, (await run.GetAsync()).Training.State);
    }

    [Fact]
    public async Task Vanish_WholeProcess_TakesTheRunOutOfRunningWhenItsSiloIsBack()
    {
        await using var host = await GrainHost.StartAsync();
        await QueueAsync(host);
        await (await host.JoinAsync("silo", "first")).TakeAsync();
        await host.StopAsync();

        await host.StartAgainAsync();
        await host.JoinAsync("silo", "second");

        await UntilAsync(host.Grains.GetGrain<ITrainingRunGrain>("run"), WorkState.Queued);
    }

    /// <summary>Its worker lives, but has given the device back without a word: the call that said how it ended was lost for good.</summary>
    [Fact]
    public async Task Release_WithoutAnEnd_IsNoticedByTheReminder()
    {
        await using var host = await GrainHost.StartAsync();
        var run = await QueueAsync(host);
        var worker = await host.JoinAsync("silo");
        var (lease, _, epoch) = await worker.TakeAsync();
        var reminded = run.AsReference<IRemindable>();
        await reminded.ReceiveReminder("watch", default);
        Assert.Equal(WorkState.Running, (await run.GetAsync()).Training.State);

        await host.Pool.ReleaseAsync(lease);
        await reminded.ReceiveReminder("watch", default);

        Assert.Equal(WorkState.Queued, (await run.GetAsync()).Training.State);
        Assert.Equal(epoch + 1, (await worker.TakeAsync()).Epoch);
    }

    [Fact]
    public async Task Finish_TransientFailureThenRestart_IsTriedWhenItIsDueAndNotBefore()
    {
        var time = new ManualTime();
        await using var host = await GrainHost.StartAsync(time);
        var run = await QueueAsync(host);
        await (await host.JoinAsync("silo")).FinishNextAsync(_ => new WorkOutcome { State = WorkState.Failed, Failure = FailureKind.Transient, Message = "no store" });
        var training = (await run.GetAsync()).Training;
        Assert.Equal((WorkState.Queued, time.GetUtcNow().AddSeconds(10), 0), (training.State, training.NotBefore, training.Failures));

        await host.StopAsync();
        await host.StartAgainAsync();
        run = host.Grains.GetGrain<ITrainingRunGrain>("run");
        Assert.Equal(time.GetUtcNow().AddSeconds(10), (await run.GetAsync()).Training.NotBefore);
        Assert.Empty((await host.Pool.GetAsync()).Queue);
        Assert.Null(await run.StartAsync(new DeviceLease(new WorkTicket(WorkKind.Train, "run"), "silo/1", TestWorker.Device)));

        await host.StopAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await host.StartAgainAsync();
        await host.Grains.GetGrain<ITrainingRunGrain>("run").GetAsync();
        var (_, _, epoch) = await (await host.JoinAsync("silo", "third")).TakeAsync();
        Assert.Equal(2, epoch);
    }

    [Fact]
    public async Task Actions_Twice_AreTheSameAsOnce()
    {
        await using var host = await GrainHost.StartAsync();
        var run = await QueueAsync(host);

        Assert.Equal(WorkState.Paused, await TwiceAsync(run.PauseAsync));
        Assert.Empty((await host.Pool.GetAsync()).Queue);
        Assert.Equal(WorkState.Queued, await TwiceAsync(run.ResumeAsync));
        Assert.Single((await host.Pool.GetAsync()).Queue);
        Assert.Equal(WorkState.Cancelled, await TwiceAsync(run.CancelAsync));
        Assert.Empty((await host.Pool.GetAsync()).Queue);
        Assert.Equal(WorkState.Queued, await TwiceAsync(run.RetryAsync));
        Assert.Single((await host.Pool.GetAsync()).Queue);

        await (await host.JoinAsync("silo")).FinishNextAsync(_ => new WorkOutcome { State = WorkState.Completed });
        foreach (var without in new Func<Task<RunView>>[] { run.PauseAsync, run.ResumeAsync, run.CancelAsync, run.RetryAsync, () => run.ContinueAsync(20) })
        {
            Assert.Equal(WorkState.Completed, await TwiceAsync(without));
        }

        Assert.Equal(WorkState.Queued, await TwiceAsync(() => run.ContinueAsync(40)));
        var training = (await run.GetAsync()).Specification!.Training;
        Assert.Equal((40, 20), (training.Steps, training.ScheduleSteps));
    }

    [Fact]
    public async Task Resume_BeforeTheAttemptHasStopped_GoesOn()
    {
        await using var host = await GrainHost.StartAsync();
        var run = await QueueAsync(host);
        var worker = await host.JoinAsync("silo");
        var (lease, _, epoch) = await worker.TakeAsync();

        await run.PauseAsync();
        await run.ResumeAsync();
        Assert.Equal(WorkDirective.Continue, await run.ReportAsync(epoch, new WorkProgress()));

        // Now its worker hears of the pause first.
        await run.PauseAsync();
        Assert.Equal(WorkDirective.Stop, await run.ReportAsync(epoch, new WorkProgress()));
        await run.ResumeAsync();
        await run.FinishAsync(epoch, new WorkOutcome { State = WorkState.Queued });
        await host.Pool.ReleaseAsync(lease);
        Assert.Equal(epoch + 1, (await worker.TakeAsync()).Epoch);
    }

    [Fact]
    public async Task Retry_CancelledBeforeTheAttemptHasStopped_GoesOn()
    {
        await using var host = await GrainHost.StartAsync();
        var run = await QueueAsync(host);
        var (_, _, epoch) = await (await host.JoinAsync("silo")).TakeAsync();

        await run.CancelAsync();
        await run.PauseAsync();
        Assert.Equal(WorkDirective.Stop, await run.ReportAsync(epoch, new WorkProgress()));
        await run.RetryAsync();

        Assert.Equal(WorkDirective.Continue, await run.ReportAsync(epoch, new WorkProgress()));
    }

    [Fact]
    public async Task Continue_RunThatCannotBe_SaysWhyInOneSentence()
    {
        await using var host = await GrainHost.StartAsync();
        var run = await QueueAsync(host);
        var queued = await Assert.ThrowsAsync<LabException>(() => run.ContinueAsync(40));
        await (await host.JoinAsync("silo")).FinishNextAsync(_ => new WorkOutcome { State = WorkState.Completed });
        var fewer = await Assert.ThrowsAsync<LabException>(() => run.ContinueAsync(10));

        Assert.Equal("Run 'run' is queued; only a completed run can be continued with more steps.", queued.Message);
        Assert.Equal("There are 20 steps already; 10 in all were asked for, and steps cannot be taken back.", fewer.Message);
        var zero = Assert.Throws<LabException>(() => new TrainingSpecification { Steps = 20, FinalLearningRateShare = 0 }.ExtendTo(40));
        Assert.Contains("has come down to zero at step 20", zero.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Continue_VerifiedRun_HasNoCertificateOfTheShorterOne()
    {
        await using var host = await GrainHost.StartAsync();
        var run = await QueueAsync(host);
        await (await host.JoinAsync("silo")).FinishNextAsync(_ => new WorkOutcome { State = WorkState.Completed });
        var certificate = new ResumeCertificateView { Verdict = "identical", FromStep = 10, ToStep = 20 };
        await run.CertifyAsync(certificate);
        Assert.Equal(certificate, (await run.GetAsync()).Certificate);

        Assert.Null((await run.ContinueAsync(40)).Certificate);
    }

    private static async Task<ITrainingRunGrain> QueueAsync(GrainHost host)
    {
        var run = host.Grains.GetGrain<ITrainingRunGrain>("run");
        await run.QueueAsync(Specification);
        return run;
    }

    private static Task UntilAsync(ITrainingRunGrain run, WorkState state) =>
        Wait.UntilAsync(async () => (await run.GetAsync()).Training.State == state, $"state {state}");

    private static async Task<WorkState> TwiceAsync(Func<Task<RunView>> action)
    {
        var once = await action();
        Assert.Equal(JsonSerializer.Serialize(once), JsonSerializer.Serialize(await action()));
        return once.Training.State;
    }
}
