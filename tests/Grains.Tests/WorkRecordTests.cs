using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class WorkRecordTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Start_QueuedWork_RisesEpochAndRecordsAttempt()
    {
        var running = Queued().Start(Lease("a/1"), Now)!;

        Assert.Equal((WorkState.Running, 1L, 1), (running.State, running.Epoch, running.Attempts.Length));
        Assert.Equal(("a/1", "cpu:0", (DateTimeOffset?)null), (running.Attempts[0].Worker, running.Attempts[0].Device, running.Attempts[0].Ended));
    }

    [Theory]
    [InlineData(WorkState.Completed)]
    [InlineData(WorkState.Failed)]
    [InlineData(WorkState.Cancelled)]
    [InlineData(WorkState.Paused)]
    [InlineData(WorkState.None)]
    [InlineData(WorkState.Running)]
    internal void Start_WorkThatIsNotWanted_IsRefused(WorkState state) =>
        Assert.Null((Queued() with { State = state }).Start(Lease("a/1"), Now));

    [Fact]
    public void Start_LeaseOfAnotherKind_IsRefused() =>
        Assert.Null(Queued().Start(new DeviceLease(new WorkTicket(WorkKind.Evaluate, "key"), "a/1", "cpu:0"), Now));

    [Fact]
    public void ToView_RunningWorkAskedToStop_SaysWhatIsWantedUntilItHasStopped()
    {
        var running = Queued().Start(Lease("a/1"), Now)!;

        Assert.Equal(WorkState.None, running.ToView().Wanted);
        Assert.Equal(WorkState.Paused, running.Pause().ToView().Wanted);
        Assert.Equal(WorkState.Cancelled, running.Cancel().ToView().Wanted);
        var stopped = running.Pause().Finish(1, new WorkOutcome { State = WorkState.Queued }, Now).ToView();
        Assert.Equal((WorkState.Paused, WorkState.None), (stopped.State, stopped.Wanted));
    }

    [Fact]
    public void Start_RunningWork_SupersedesTheAttemptBefore()
    {
        var second = Superseded();

        Assert.Equal(2, second.Epoch);
        Assert.Equal((FailureKind.NodeLost, Now), (second.Attempts[0].Failure, second.Attempts[0].Ended!.Value));
        Assert.Equal(WorkDirective.Lost, second.Directive(1));
        Assert.Equal(WorkDirective.Continue, second.Directive(2));
    }

    [Fact]
    public void Finish_OlderEpoch_ChangesNothing()
    {
        var second = Superseded();

        Assert.Same(second, second.Finish(1, new WorkOutcome { State = WorkState.Completed }, Now));
    }

    [Fact]
    public void Finish_Completed_KeepsTheResult()
    {
        var done = Running().Finish(1, new WorkOutcome { State = WorkState.Completed, Artefact = "hash" }, Now);

        Assert.Equal((WorkState.Completed, "hash", WorkState.Completed), (done.State, done.Artefact, done.Attempts[0].State));
        Assert.Same(done, done.Queue(WorkKind.Train, "key"));
    }

    [Theory]
    [InlineData(FailureKind.Poison)]
    [InlineData(FailureKind.Diverged)]
    [InlineData(FailureKind.OutOfMemory)]
    internal void Finish_HopelessFailure_IsNotTriedAgain(FailureKind failure) =>
        Assert.Equal(WorkState.Failed, Fail(Running(), failure).State);

    [Fact]
    public void Pause_RunningWork_StopsTheWorkerAndHoldsTheWork()
    {
        var pausing = Running().Pause();
        var paused = pausing.Finish(1, new WorkOutcome { State = WorkState.Queued }, Now);

        Assert.Equal(WorkDirective.Stop, pausing.Directive(1));
        Assert.Equal(WorkState.Paused, paused.State);
        Assert.Equal(WorkState.Queued, paused.Resume().State);
    }

    [Fact]
    public void Cancel_WorkThatThenFails_IsCancelled() =>
        Assert.Equal(WorkState.Cancelled, Fail(Running().Cancel(), FailureKind.Unexpected).State);

    [Fact]
    public void WorkerLost_WorkerOfTheAttempt_QueuesWithoutCounting()
    {
        var lost = Running().WorkerLost("a/1", Now);

        Assert.Equal((WorkState.Queued, 0, FailureKind.NodeLost), (lost.State, lost.Failures, lost.Attempts[0].Failure));
    }

    [Fact]
    public void WorkerLost_AnotherWorker_ChangesNothing()
    {
        var running = Running();

        Assert.Same(running, running.WorkerLost("b/1", Now));
    }

    [Fact]
    public void Start_ManyAttempts_KeepsTheLastTwenty()
    {
        var work = Queued();
        for (var i = 0; i < 50; i++)
        {
            work = work.Start(Lease("a/1"), Now.AddHours(i))!.WorkerLost("a/1", Now.AddHours(i));
        }

        Assert.Equal((20, 50L, 50), (work.Attempts.Length, work.Attempts[^1].Epoch, work.Starts));
    }

    private static WorkRecord Queued() => new WorkRecord().Queue(WorkKind.Train, "key");

    private static WorkRecord Superseded() => Running().Supersede(Lease("b/1"), Now).Start(Lease("b/1"), Now)!;

    private static WorkRecord Running() => Queued().Start(Lease("a/1"), Now)!;

    private static DeviceLease Lease(string worker) => new(new WorkTicket(WorkKind.Train, "key"), worker, "cpu:0");

    private static WorkRecord Fail(WorkRecord work, FailureKind failure) =>
        work.Finish(work.Epoch, new WorkOutcome { State = WorkState.Failed, Failure = failure, Message = "because" }, Now);
}
