using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

/// <summary>Starts and failures, back-off, the guard against crash loops, and what an attempt's end cost.</summary>
public sealed class AttemptTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DeviceLease Lease = new(new WorkTicket(WorkKind.Train, "key"), "a/1", "cpu:0");

    /// <summary>As the issue has it: which failures are counted, which are tried again, and after how many seconds.</summary>
    [Theory]
    [InlineData(FailureKind.Transient, 0, WorkState.Queued, 10)]
    [InlineData(FailureKind.NodeLost, 0, WorkState.Queued, 0)]
    [InlineData(FailureKind.Unexpected, 1, WorkState.Queued, 10)]
    [InlineData(FailureKind.OutOfMemory, 1, WorkState.Failed, 0)]
    [InlineData(FailureKind.Diverged, 1, WorkState.Failed, 0)]
    [InlineData(FailureKind.Poison, 1, WorkState.Failed, 0)]
    internal void Finish_Failure_IsCountedAndTriedAgainByItsKind(FailureKind failure, int counted, WorkState state, int seconds)
    {
        var after = Fail(Start(Queued(), Now), failure, Now);

        Assert.Equal((state, counted, 1), (after.State, after.Failures, after.Starts));
        Assert.Equal(seconds == 0 ? null : Now.AddSeconds(seconds), after.NotBefore);
        Assert.Equal("because", after.Message);
    }

    [Fact]
    public void Finish_TransientFailuresFarApart_WaitTwiceAsLongEachUpToFiveMinutes()
    {
        var (work, now) = (Queued(), Now);
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            // So slow to fail that it is no crash loop.
            now += TimeSpan.FromMinutes(3);
            work = Fail(Start(work, now), FailureKind.Transient, now);
            waits.Add((work.NotBefore!.Value - now).TotalSeconds);
            now = work.NotBefore.Value;
        }

        Assert.Equal([10, 20, 40, 80, 160, 300, 300, 300], waits);
        Assert.Equal((WorkState.Queued, 0, 8), (work.State, work.Failures, work.Starts));
    }

    [Fact]
    public void Finish_FailureAfterProgress_WaitsAsAfterAFirstOne()
    {
        var work = Fail(Start(Queued(), Now), FailureKind.Transient, Now);
        work = Fail(Start(work, Now.AddMinutes(1)), FailureKind.Transient, Now.AddMinutes(1));
        work = Report(Start(work, Now.AddMinutes(2)), from: 0, committed: 10, done: 12, Now.AddMinutes(2));

        var after = Fail(work, FailureKind.Transient, Now.AddMinutes(3));

        Assert.Equal(Now.AddMinutes(3).AddSeconds(10), after.NotBefore);
    }

    [Fact]
    public void Finish_UnexpectedFailuresFarApart_AreTriedUpToTheCeiling()
    {
        var (work, now) = (Queued(), Now);
        for (var failure = 1; failure < 5; failure++)
        {
            now = now.AddHours(1);
            work = Fail(Start(work, now), FailureKind.Unexpected, now);
            Assert.Equal((WorkState.Queued, failure), (work.State, work.Failures));
        }

        now = now.AddHours(1);
        work = Fail(Start(work, now), FailureKind.Unexpected, now);
        Assert.Equal((WorkState.Failed, 5, 5), (work.State, work.Failures, work.Starts));
        Assert.Equal("Given up after 5 failures, the last one because: because", work.Message);
    }

    [Fact]
    public void Start_BeforeItIsDue_IsRefused()
    {
        var waiting = Fail(Start(Queued(), Now), FailureKind.Transient, Now);

        Assert.Null(waiting.Start(Lease, waiting.NotBefore!.Value.AddTicks(-1)));
        Assert.NotNull(waiting.Start(Lease, waiting.NotBefore.Value));
    }

    /// <summary>Of starts whose workers are lost at equal distances, five that are known to have kept nothing end it within ten minutes; of the last one that is not known.</summary>
    [Theory]
    [InlineData(119, true)]
    [InlineData(120, true)]
    [InlineData(121, false)]
    public void WorkerLost_SixthTimeWithoutProgress_EndsItWithinTenMinutes(int secondsBetween, bool ended)
    {
        var (work, now) = (Queued(), Now);
        for (var i = 0; i < 6; i++, now = now.AddSeconds(secondsBetween))
        {
            Assert.Equal(WorkState.Queued, work.State);
            work = Report(Start(work, now), from: 20, committed: 20, done: 25, now).WorkerLost("a/1", now);
        }

        Assert.Equal(ended ? WorkState.Failed : WorkState.Queued, work.State);
        Assert.Equal(
            ended ? "Given up: 5 starts within 10 minutes have failed without getting beyond 20, the last one because: The worker is gone." : "The worker is gone; waiting for another one.",
            work.Message);
        Assert.Equal((0, 6), (work.Failures, work.Starts));
    }

    /// <summary>The fifth attempt has committed, but is killed before it can say so.</summary>
    [Fact]
    public void WorkerLost_RightAfterItsFirstCommit_GoesOn()
    {
        var work = Queued();
        for (var i = 0; i < 5; i++)
        {
            work = Report(Start(work, Now), from: 0, committed: 0, done: 9, Now).WorkerLost("a/1", Now);
        }

        work = Report(Start(work, Now), from: 10, committed: 10, done: 12, Now).WorkerLost("a/1", Now);

        Assert.Equal(WorkState.Queued, work.State);
    }

    [Fact]
    public void WorkerLost_OftenWhileSomethingIsKeptNowAndThen_GoesOn()
    {
        var (work, now) = (Queued(), Now);
        for (var i = 0; i < 50; i++, now = now.AddSeconds(1.5))
        {
            // One in three is killed before it can say what it has kept.
            var running = Start(work, now);
            work = (i % 3 == 0 ? running : Report(running, from: i, committed: i, done: i + 3, now)).WorkerLost("a/1", now);
            Assert.Equal(WorkState.Queued, work.State);
        }

        Assert.Equal(50, work.Starts);
    }

    /// <summary>Whatever the kinds and times of failures: never more than five counted, never a seventh start without progress in ten minutes, never an early start.</summary>
    [Fact]
    public void Random_Histories_KeepTheRules()
    {
        FailureKind[] kinds = [FailureKind.Transient, FailureKind.NodeLost, FailureKind.Unexpected];
        var random = new Random(1);
        for (var history = 0; history < 500; history++)
        {
            var (work, now) = (Queued(), Now);
            var kept = 0L;
            var barren = new List<DateTimeOffset>();
            while (work.State == WorkState.Queued && work.Starts < 40)
            {
                now = Max(now.AddSeconds(random.Next(200)), work.NotBefore ?? now);
                work = Start(work, now);
                var progress = random.Next(4) == 0 ? 5 : 0;
                work = Report(work, kept, kept + progress, kept + progress + 2, now);
                (kept, barren) = progress > 0 ? (kept + progress, []) : (kept, barren);
                work = Fail(work, kinds[random.Next(kinds.Length)], now);
                barren.RemoveAll(end => end < now - TimeSpan.FromMinutes(10));
                if (progress == 0)
                {
                    barren.Add(now);
                }

                Assert.Equal(work.Attempts[^1].Failure == FailureKind.NodeLost || work.State == WorkState.Failed, work.NotBefore is null);
                Assert.InRange(work.Failures, 0, 5);
                Assert.True(barren.Count <= (work.Attempts[^1].Failure == FailureKind.NodeLost ? 5 : 4) || work.State == WorkState.Failed, "A crash loop goes on.");
            }

            Assert.True(work.State != WorkState.Failed || work.Failures == 5 || barren.Count >= 4, "It was given up for no reason.");
            Assert.Equal(work.State == WorkState.Failed, work.Message.StartsWith("Given up", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Retry_AfterTheGuard_StartsWithACleanSlate()
    {
        var work = Queued();
        for (var i = 0; i < 6; i++)
        {
            work = Start(work, Now).WorkerLost("a/1", Now);
        }

        var again = work.Retry();
        Assert.Equal((WorkState.Failed, WorkState.Queued), (work.State, again.State));
        for (var i = 0; i < 5; i++)
        {
            again = Start(again, Now).WorkerLost("a/1", Now);
            Assert.Equal(WorkState.Queued, again.State);
        }

        Assert.Equal(WorkState.Failed, Start(again, Now).WorkerLost("a/1", Now).State);
    }

    [Fact]
    public void Retry_WorkThatWaits_IsDueAtOnce()
    {
        var waiting = Fail(Start(Queued(), Now), FailureKind.Transient, Now);

        Assert.NotNull(waiting.Retry().Start(Lease, Now));
    }

    /// <summary>Killed 7 s after its last checkpoint (of step 20) at step 33, noticed after 30 s more, started again 5 s later.</summary>
    [Fact]
    public void Report_NextAttemptGoesOnFromACheckpoint_SaysWhatTheOneBeforeLost()
    {
        var work = Report(Start(Queued(), Now), from: 0, committed: 20, done: 20, Now.AddSeconds(60));
        work = Report(work, from: 0, committed: 20, done: 31, Now.AddSeconds(66));
        work = work.WorkerLost("a/1", Now.AddSeconds(97));
        Assert.Equal((11, TimeSpan.FromSeconds(37)), (work.Attempts[0].UnitsLost, work.Attempts[0].TimeLost));

        work = Start(work, Now.AddSeconds(102));
        work = work.Report(work.Epoch, new WorkProgress { Done = 20, From = 20, Committed = 20, Rewound = 13 }, Now.AddSeconds(103));

        Assert.Equal((20L, 33L, 13L, TimeSpan.FromSeconds(42)), (work.Attempts[0].Committed, work.Attempts[0].Done, work.Attempts[0].UnitsLost, work.Attempts[0].TimeLost));
        Assert.Equal((20L, 20L, null), (work.Attempts[1].From, work.Attempts[1].Committed, work.Attempts[1].TimeLost));
    }

    /// <summary>It had committed step 40 just before it was killed, and could not say so any more.</summary>
    [Fact]
    public void Report_NextAttemptGoesOnFurtherThanWasReported_CorrectsTheOneBefore()
    {
        var work = Report(Start(Queued(), Now), from: 0, committed: 20, done: 25, Now).WorkerLost("a/1", Now);
        Assert.Equal(5, work.Attempts[0].UnitsLost);

        work = Start(work, Now);
        work = work.Report(work.Epoch, new WorkProgress { Done = 40, From = 40, Committed = 40, Rewound = 1 }, Now);

        Assert.Equal((40L, 41L, 1L), (work.Attempts[0].Committed, work.Attempts[0].Done, work.Attempts[0].UnitsLost));
    }

    [Fact]
    public void Start_AfterAPause_DoesNotCountTheWait()
    {
        var work = Report(Start(Queued(), Now), from: 0, committed: 20, done: 20, Now.AddSeconds(9)).Pause();
        work = work.Finish(work.Epoch, new WorkOutcome { State = WorkState.Queued }, Now.AddSeconds(10));
        work = Start(work.Resume(), Now.AddHours(5));

        Assert.Equal((WorkState.Paused, 0L, TimeSpan.FromSeconds(1)), (work.Attempts[0].State, work.Attempts[0].UnitsLost, work.Attempts[0].TimeLost));
    }

    [Fact]
    public void Finish_Completed_LosesNothing()
    {
        var work = Report(Start(Queued(), Now), from: 0, committed: 18, done: 20, Now.AddSeconds(9));

        var done = work.Finish(work.Epoch, new WorkOutcome { State = WorkState.Completed }, Now.AddSeconds(10));

        Assert.Equal((0L, TimeSpan.Zero), (done.Attempts[0].UnitsLost, done.Attempts[0].TimeLost));
    }

    private static DateTimeOffset Max(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static WorkRecord Queued() => new WorkRecord().Queue(WorkKind.Train, "key");

    private static WorkRecord Start(WorkRecord work, DateTimeOffset now) => work.Start(Lease, now)!;

    private static WorkRecord Report(WorkRecord work, long from, long committed, long done, DateTimeOffset now) =>
        work.Report(work.Epoch, new WorkProgress { Done = done, From = from, Committed = committed }, now);

    private static WorkRecord Fail(WorkRecord work, FailureKind failure, DateTimeOffset now) =>
        work.Finish(work.Epoch, new WorkOutcome { State = WorkState.Failed, Failure = failure, Message = "because" }, now);
}
