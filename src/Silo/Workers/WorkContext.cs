using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Workers;

/// <summary>What a piece of work is given: its lease, its epoch, when to stop, where to report.</summary>
internal sealed class WorkContext(DeviceLease lease, long epoch, int threads, CancellationToken stop)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _wentOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkProgress _progress = new();

    public string Key => lease.Ticket.Key;

    public long Epoch => epoch;

    /// <summary>The device that the work has to itself.</summary>
    public string Device => lease.Device;

    public int Threads => threads;

    /// <summary>Signalled when the work is paused, cancelled or lost, or the silo stops.</summary>
    public CancellationToken Stop => stop;

    /// <summary>The latest report; the worker sends it to the grain about once a second.</summary>
    public WorkProgress Progress
    {
        get
        {
            lock (_lock)
            {
                return _progress;
            }
        }
    }

    public void Report(string stage, long done, long total, ImmutableDictionary<string, double>? numbers = null)
    {
        lock (_lock)
        {
            _progress = _progress with { Stage = stage, Done = done, Total = total, Numbers = numbers ?? _progress.Numbers };
        }
    }

    /// <summary>Ends once <see cref="GoOnFrom"/> was called: worth a report at once, since it tells what the attempts before had kept.</summary>
    public Task WentOn => _wentOn.Task;

    /// <summary>To be called once by work that keeps what is done: what was found to be kept, and what the attempt before had done beyond it.</summary>
    public void GoOnFrom(long units, long rewound)
    {
        lock (_lock)
        {
            _progress = _progress with { Done = units, From = units, Committed = units, Rewound = rewound };
        }

        _wentOn.TrySetResult();
    }

    /// <summary>So many units, those of earlier attempts included, would not be lost now.</summary>
    public void Commit(long units)
    {
        lock (_lock)
        {
            _progress = _progress with { Committed = units };
        }
    }
}

/// <summary>How one kind of work is done. Called on a thread of its own, which it may keep busy and block.</summary>
internal interface IWork
{
    WorkKind Kind { get; }

    /// <summary>Does the work. Ends with <see cref="OperationCanceledException"/> or an outcome of state <see cref="WorkState.Queued"/> when told to stop.</summary>
    WorkOutcome Run(WorkContext context);
}
