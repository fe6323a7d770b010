using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>
/// The life of a piece of long work, as an immutable record with pure transitions: none → queued → running → completed, failed, paused or
/// cancelled, and from running back to queued when an attempt is interrupted, lost, or failed for a reason that may pass. The epoch rises with
/// every attempt. Starts and counted failures are kept apart; <see cref="FailureRules"/> says what follows from a failure.
/// </summary>
[GenerateSerializer, Alias("work-record")]
internal sealed record WorkRecord
{
    private const int KeptAttempts = 20;

    [Id(0)] public WorkKind Kind { get; init; }

    [Id(1)] public string Key { get; init; } = "";

    [Id(2)] public WorkState State { get; init; }

    [Id(3)] public long Epoch { get; init; }

    [Id(4)] public WorkProgress Progress { get; init; } = new();

    [Id(5)] public ImmutableArray<Attempt> Attempts { get; init; } = [];

    [Id(6)] public int Failures { get; init; }

    [Id(7)] public string Artefact { get; init; } = "";

    [Id(8)] public ImmutableDictionary<string, double> Numbers { get; init; } = ImmutableDictionary<string, double>.Empty;

    [Id(9)] public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    [Id(10)] public string Message { get; init; } = "";

    /// <summary>What a person has asked of a running attempt: <see cref="WorkState.Paused"/>, <see cref="WorkState.Cancelled"/>, or none.</summary>
    [Id(11)] public WorkState Wanted { get; init; }

    /// <summary>Queued work is not started before this; null for at once.</summary>
    [Id(12)] public DateTimeOffset? NotBefore { get; init; }

    /// <summary>A person has asked anew after this epoch: failures up to it do not count any more.</summary>
    [Id(13)] public long ForgivenEpoch { get; init; }

    /// <summary>Attempts ever made; of an earlier version's record only those that it had kept are known.</summary>
    [Id(14)] public int Starts { get; init; }

    public bool HasEnded => State is WorkState.Completed or WorkState.Failed or WorkState.Cancelled;

    public WorkTicket Ticket => new(Kind, Key);

    /// <summary>Asks for the work, again if it failed or was cancelled.</summary>
    public WorkRecord Queue(WorkKind kind, string key) => State is WorkState.None or WorkState.Failed or WorkState.Cancelled
        ? (this with { Kind = kind, Key = key }).Anew()
        : this;

    /// <summary>A worker starts; null if the work is not wanted, or not yet.</summary>
    public WorkRecord? Start(DeviceLease lease, DateTimeOffset now)
    {
        if (lease.Ticket.Kind != Kind || State != WorkState.Queued || NotBefore > now)
        {
            return null;
        }

        var kept = Progress.Committed ?? 0;
        var attempt = new Attempt
        {
            Epoch = Epoch + 1,
            Worker = lease.Worker,
            Device = lease.Device,
            Started = now,
            State = WorkState.Running,
            From = kept,
            Done = kept,
        };
        return this with
        {
            Epoch = Epoch + 1,
            State = WorkState.Running,
            Message = "",
            NotBefore = null,
            Starts = Math.Max(Starts, Attempts.Length) + 1,
            Progress = Progress with { Done = kept },
            Attempts = [.. WithWaitUntil(now).TakeLast(KeptAttempts - 1), attempt],
        };
    }

    /// <summary>What an attempt that reports is to do.</summary>
    public WorkDirective Directive(long epoch) => (epoch == Epoch, State, Wanted) switch
    {
        (true, WorkState.Running, WorkState.None) => WorkDirective.Continue,
        (true, WorkState.Running, _) => WorkDirective.Stop,
        _ => WorkDirective.Lost,
    };

    /// <summary>The running attempt says how far it is. Where it went on from tells what the one before it had kept, and lost.</summary>
    public WorkRecord Report(long epoch, WorkProgress progress, DateTimeOffset now)
    {
        if (epoch != Epoch || State != WorkState.Running || Attempts.IsEmpty)
        {
            return this;
        }

        progress = progress with { Committed = progress.Committed ?? progress.From ?? Progress.Committed };
        progress = progress with { Done = Math.Max(progress.Done, progress.Committed ?? 0) };
        var attempts = Attempts;
        var attempt = Attempts[^1];
        if (progress.From is { } from)
        {
            if (attempt.Committed is null)
            {
                attempt = attempt with { From = from, Committed = from };
                attempts = Rewind(from, progress.Rewound);
            }

            attempt = progress.Committed > attempt.Committed ? attempt with { Committed = progress.Committed, CommittedAt = now } : attempt;
        }

        return this with { Progress = progress, Attempts = attempts.SetItem(attempts.Length - 1, attempt with { Done = progress.Done }) };
    }

    /// <summary>An attempt has ended; an older attempt than the newest changes nothing.</summary>
    public WorkRecord Finish(long epoch, WorkOutcome outcome, DateTimeOffset now)
    {
        if (epoch != Epoch || State != WorkState.Running)
        {
            return this;
        }

        // Stopped because a person wanted it, which is not an interruption.
        var state = outcome.State is WorkState.Completed or WorkState.Failed ? outcome.State
            : Wanted == WorkState.None ? WorkState.Queued
            : Wanted;
        var ended = EndAttempt(now, state, outcome.Failure, outcome.Message);
        return outcome.State switch
        {
            WorkState.Completed => ended with
            {
                State = WorkState.Completed,
                Wanted = WorkState.None,
                Artefact = outcome.Artefact,
                Numbers = outcome.Numbers,
                Names = outcome.Names,
                Message = outcome.Message,
            },
            WorkState.Failed => ended.Fail(outcome.Failure, outcome.Message, now),
            _ => ended.BackToQueue(outcome.Message),
        };
    }

    /// <summary>The worker of the running attempt is gone. Not counted: the work is not at fault.</summary>
    public WorkRecord WorkerLost(string worker, DateTimeOffset now) => Attempts is [.., { } attempt] && attempt.Worker == worker
        ? Lose(now, "The worker is gone.", "The worker is gone; waiting for another one.")
        : this;

    /// <summary>A worker comes with a lease for work that another one seems to have: that one is gone.</summary>
    public WorkRecord Supersede(DeviceLease lease, DateTimeOffset now) => lease.Ticket.Kind == Kind
        ? Lose(now, "Another worker has taken over.", "Another worker takes over.")
        : this;

    /// <summary>A person holds the work back.</summary>
    public WorkRecord Pause() => State switch
    {
        WorkState.Queued => this with { State = WorkState.Paused },
        WorkState.Running when Wanted == WorkState.None => this with { Wanted = WorkState.Paused },
        _ => this,
    };

    /// <summary>A person lets the work go on, at once.</summary>
    public WorkRecord Resume() => State switch
    {
        WorkState.Paused => this with { State = WorkState.Queued, Wanted = WorkState.None, NotBefore = null },
        WorkState.Running when Wanted == WorkState.Paused => this with { Wanted = WorkState.None },
        _ => this,
    };

    /// <summary>A person stops the work.</summary>
    public WorkRecord Cancel() => State switch
    {
        WorkState.Queued or WorkState.Paused => this with { State = WorkState.Cancelled, NotBefore = null },
        WorkState.Running => this with { Wanted = WorkState.Cancelled },
        _ => this,
    };

    /// <summary>A person wants what failed or was cancelled to be tried again, and what waits after a failure to be tried now.</summary>
    public WorkRecord Retry() => State switch
    {
        WorkState.Failed or WorkState.Cancelled => Anew(),
        WorkState.Queued when NotBefore is not null => this with { NotBefore = null },
        WorkState.Running when Wanted == WorkState.Cancelled => this with { Wanted = WorkState.None },
        _ => this,
    };

    /// <summary>There is more to do of what was completed.</summary>
    public WorkRecord Continue() => State == WorkState.Completed ? Anew() : this;

    public WorkView ToView() => new()
    {
        Kind = Kind,
        Key = Key,
        State = State,
        Progress = Progress,
        Attempts = Attempts,
        Failures = Failures,
        Artefact = Artefact,
        Numbers = Numbers,
        Names = Names,
        Message = Message,
        Starts = Math.Max(Starts, Attempts.Length),
        NotBefore = State == WorkState.Queued ? NotBefore : null,
        Wanted = State == WorkState.Running ? Wanted : WorkState.None,
    };

    private WorkRecord Anew() => this with
    {
        State = WorkState.Queued,
        Wanted = WorkState.None,
        Failures = 0,
        Message = "",
        NotBefore = null,
        ForgivenEpoch = Epoch,
    };

    private WorkRecord Lose(DateTimeOffset now, string message, string waiting) => State == WorkState.Running
        ? EndAttempt(now, WorkState.Failed, FailureKind.NodeLost, message).Fail(FailureKind.NodeLost, waiting, now)
        : this;

    private WorkRecord EndAttempt(DateTimeOffset now, WorkState state, FailureKind failure, string message)
    {
        if (Attempts.IsEmpty)
        {
            return this;
        }

        var attempt = Attempts[^1] with { Ended = now, State = state, Failure = failure, Message = message, Done = Progress.Done };
        attempt = state == WorkState.Completed
            ? attempt with { UnitsLost = 0, TimeLost = TimeSpan.Zero }
            : attempt with { UnitsLost = Math.Max(0, attempt.Done - (attempt.Committed ?? attempt.From)), TimeLost = now - LastKept(attempt) };
        return this with { Attempts = Attempts.SetItem(Attempts.Length - 1, attempt) };
    }

    /// <summary>The attempts, the last of which has cost the time until now too, unless a person had stopped it.</summary>
    private ImmutableArray<Attempt> WithWaitUntil(DateTimeOffset now) => Attempts is [.., { State: WorkState.Failed or WorkState.Queued } last]
        ? Attempts.SetItem(Attempts.Length - 1, last with { TimeLost = now - LastKept(last) })
        : Attempts;

    /// <summary>The attempts, the last but one of which had kept this and done so much more.</summary>
    private ImmutableArray<Attempt> Rewind(long from, long rewound)
    {
        if (Attempts is not [.., { State: WorkState.Failed or WorkState.Queued } before, _])
        {
            return Attempts;
        }

        var done = Math.Max(before.Done, from + rewound);
        return Attempts.SetItem(Attempts.Length - 2, before with { Committed = from, Done = done, UnitsLost = done - from });
    }

    private WorkRecord Fail(FailureKind failure, string message, DateTimeOffset now)
    {
        if (Wanted == WorkState.Cancelled)
        {
            return this with { State = WorkState.Cancelled, Wanted = WorkState.None };
        }

        var counting = Attempts.Where(attempt => attempt.Epoch > ForgivenEpoch).ToList();
        var counted = this with { Failures = Failures + (FailureRules.IsCounted(failure) ? 1 : 0) };
        return !FailureRules.IsRetried(failure) ? counted.GiveUp(message)
            : counted.Failures >= FailureRules.MaximumFailures ? counted.GiveUp($"Given up after {counted.Failures} failures, the last one because: {message}")
            : Wanted == WorkState.None && FailureRules.FindCrashLoop(counting, now) is { } loop ? counted.GiveUp(loop)
            : (counted with { NotBefore = NotBeforeAfter(failure, counting, now) }).BackToQueue(message);
    }

    private static DateTimeOffset? NotBeforeAfter(FailureKind failure, List<Attempt> attempts, DateTimeOffset now) =>
        FailureRules.DelayAfter(failure, FailureRules.InARow(attempts)) is { Ticks: > 0 } delay ? now + delay : null;

    private static DateTimeOffset LastKept(Attempt attempt) => attempt.CommittedAt ?? attempt.Started;

    private WorkRecord GiveUp(string message) => this with { State = WorkState.Failed, Wanted = WorkState.None, Message = message };

    private WorkRecord BackToQueue(string message) => this with
    {
        State = Wanted is WorkState.None ? WorkState.Queued : Wanted,
        Wanted = WorkState.None,
        Message = message,
    };
}
