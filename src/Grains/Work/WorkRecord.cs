using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>
/// The life of a piece of long work, as an immutable record with pure transitions: none → queued → running → completed, failed, paused or
/// cancelled, and from running back to queued when an attempt is interrupted or lost. The epoch rises with every attempt.
/// </summary>
[GenerateSerializer, Alias("work-record")]
internal sealed record WorkRecord
{
    /// <summary>An attempt that fails for the worker's own reasons is made again until this many failures are counted.</summary>
    public const int MaximumFailures = 5;

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

    public bool HasEnded => State is WorkState.Completed or WorkState.Failed or WorkState.Cancelled;

    public WorkTicket Ticket => new(Kind, Key);

    /// <summary>Asks for the work, again if it failed or was cancelled.</summary>
    public WorkRecord Queue(WorkKind kind, string key) => State is WorkState.Queued or WorkState.Running or WorkState.Completed
        ? this
        : this with { Kind = kind, Key = key, State = WorkState.Queued, Wanted = WorkState.None, Failures = 0, Message = "" };

    /// <summary>A worker starts; null if the work is not wanted.</summary>
    public WorkRecord? Start(DeviceLease lease, DateTimeOffset now)
    {
        if (lease.Ticket.Kind != Kind || State is not (WorkState.Queued or WorkState.Running))
        {
            return null;
        }

        var superseded = State == WorkState.Running
            ? EndAttempt(now, WorkState.Failed, FailureKind.NodeLost, "Another worker has taken over.")
            : this;
        var attempt = new Attempt
        {
            Epoch = Epoch + 1,
            Worker = lease.Worker,
            Device = lease.Device,
            Started = now,
            State = WorkState.Running,
            From = Progress.Done,
            Done = Progress.Done,
        };
        return superseded with
        {
            Epoch = Epoch + 1,
            State = WorkState.Running,
            Message = "",
            Attempts = [.. superseded.Attempts.TakeLast(KeptAttempts - 1), attempt],
        };
    }

    /// <summary>What an attempt that reports is to do.</summary>
    public WorkDirective Directive(long epoch) => (epoch == Epoch, State, Wanted) switch
    {
        (true, WorkState.Running, WorkState.None) => WorkDirective.Continue,
        (true, WorkState.Running, _) => WorkDirective.Stop,
        _ => WorkDirective.Lost,
    };

    /// <summary>An attempt has ended; an older attempt than the newest changes nothing.</summary>
    public WorkRecord Finish(long epoch, WorkOutcome outcome, DateTimeOffset now)
    {
        if (epoch != Epoch || State != WorkState.Running)
        {
            return this;
        }

        var ended = EndAttempt(now, outcome.State, outcome.Failure, outcome.Message);
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
            WorkState.Failed => ended.Fail(outcome),
            _ => ended.BackToQueue(outcome.Message),
        };
    }

    /// <summary>The worker of the running attempt is gone. Not counted: the work is not at fault.</summary>
    public WorkRecord WorkerLost(string worker, DateTimeOffset now) =>
        State == WorkState.Running && Attempts.Length > 0 && Attempts[^1].Worker == worker
            ? EndAttempt(now, WorkState.Failed, FailureKind.NodeLost, "The worker is gone.").BackToQueue("The worker is gone; waiting for another one.")
            : this;

    /// <summary>A person holds the work back.</summary>
    public WorkRecord Pause() => State switch
    {
        WorkState.Queued => this with { State = WorkState.Paused },
        WorkState.Running => this with { Wanted = WorkState.Paused },
        _ => this,
    };

    /// <summary>A person lets the work go on.</summary>
    public WorkRecord Resume() => State switch
    {
        WorkState.Paused => this with { State = WorkState.Queued, Wanted = WorkState.None },
        WorkState.Running when Wanted == WorkState.Paused => this with { Wanted = WorkState.None },
        _ => this,
    };

    /// <summary>A person stops the work.</summary>
    public WorkRecord Cancel() => State switch
    {
        WorkState.Queued or WorkState.Paused => this with { State = WorkState.Cancelled },
        WorkState.Running => this with { Wanted = WorkState.Cancelled },
        _ => this,
    };

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
    };

    private WorkRecord EndAttempt(DateTimeOffset now, WorkState state, FailureKind failure, string message) => Attempts.IsEmpty
        ? this
        : this with
        {
            Attempts = Attempts.SetItem(
                Attempts.Length - 1,
                Attempts[^1] with { Ended = now, State = state, Failure = failure, Message = message, Done = Progress.Done }),
        };

    private WorkRecord Fail(WorkOutcome outcome)
    {
        if (Wanted == WorkState.Cancelled)
        {
            return this with { State = WorkState.Cancelled, Wanted = WorkState.None };
        }

        var counted = Failures + (outcome.Failure is FailureKind.Transient or FailureKind.NodeLost ? 0 : 1);
        var hopeless = outcome.Failure is FailureKind.Poison or FailureKind.Diverged or FailureKind.OutOfMemory;
        return hopeless || counted >= MaximumFailures
            ? this with { State = WorkState.Failed, Failures = counted, Wanted = WorkState.None, Message = outcome.Message }
            : (this with { Failures = counted }).BackToQueue(outcome.Message);
    }

    private WorkRecord BackToQueue(string message) => this with
    {
        State = Wanted is WorkState.None ? WorkState.Queued : Wanted,
        Wanted = WorkState.None,
        Message = message,
    };
}
