using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Storage;

namespace Orleans.Runtime;

// The living instance of a grain. Its requests, its activation and its deactivation run in its own turns; what may run beside
// what is decided under its lock.
internal sealed class Activation : IGrainContext
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Request> _waiting = new();
    private readonly HashSet<Request> _running = [];
    private readonly HashSet<GrainTimer> _timers = [];
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActivationDirectory _directory;
    private readonly GrainClass _class;
    private readonly ActivationScheduler _scheduler;
    private Stage _stage;
    private int _runningInOrder;
    private int _runningWriters;
    private long _lastUse = Environment.TickCount64;
    private long _keepUntil;
    private DeactivationReason? _reason;
    private CancellationToken _deactivationCancellation;
    private AsyncServiceScope? _scope;
    private IGrainBase? _grain;

    public Activation(GrainId grainId, GrainClass grainClass, ActivationDirectory directory)
    {
        GrainId = grainId;
        _class = grainClass;
        _directory = directory;
        _scheduler = new(this);
    }

    private enum Stage
    {
        Created,
        Activating,
        Active,
        Deactivating,
        Ended,
    }

    public GrainId GrainId { get; }

    public object? GrainInstance => _grain;

    public IServiceProvider ActivationServices => _scope!.Value.ServiceProvider;

    public Task Deactivated => _deactivated.Task;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => GrainId.ToString();

    // False if the activation has ended, or the request cannot outlive it: another activation is to have the request.
    public bool TryReceive(Request request)
    {
        lock (_gate)
        {
            switch (_stage)
            {
                case Stage.Ended:
                case Stage.Deactivating when request.BelongsToActivation:
                    return false;
                case Stage.Created:
                    _stage = Stage.Activating;
                    _scheduler.Schedule(ActivateAsync);
                    break;
                case Stage.Active when MayStart(request):
                    Start(request);
                    return true;
                default:
                    break;
            }

            _waiting.AddLast(request);
            return true;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_reason is not null || _stage is Stage.Ended)
            {
                return;
            }

            _reason = deactivationReason;
            _deactivationCancellation = cancellationToken;
            if (_stage is Stage.Created)
            {
                _stage = Stage.Activating;
                _scheduler.Schedule(() => EndAsync(null));
            }
            else if (_stage is Stage.Active)
            {
                _stage = Stage.Deactivating;
                DeactivateOnceIdle();
            }
        }
    }

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        lock (_gate)
        {
            _keepUntil =
                timeSpan == TimeSpan.MaxValue || timeSpan == Timeout.InfiniteTimeSpan ? long.MaxValue
                : timeSpan <= TimeSpan.Zero ? 0
                : Environment.TickCount64 + (long)timeSpan.TotalMilliseconds;
        }
    }

    public bool IsIdle(TimeSpan age)
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            return _stage is Stage.Active && _running.Count == 0 && now - _lastUse >= age.TotalMilliseconds && now >= _keepUntil;
        }
    }

    public IGrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ThrowIfOutside();
        var timer = new GrainTimer(this, callback, options, _directory.TimerLogger);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    // A grain that lets a conflict of its state escape has a state that is out of date.
    public void OnFailure(Exception exception)
    {
        if (exception is InconsistentStateException { IsSourceActivation: true } conflict)
        {
            conflict.IsSourceActivation = false;
            Log.StateConflict(_directory.Logger, GrainId, exception);
            Deactivate(new(DeactivationReasonCode.ApplicationError, exception, exception.Message));
        }
    }

    public void ThrowIfOutside()
    {
        if (!ReferenceEquals(RuntimeContext.Current, this))
        {
            throw new InvalidOperationException(
                $"Attempted to access grain {GrainId} from a non-grain context, such as a background thread, which is invalid."
                + " Ensure that you are only accessing grain functionality from within the context of a grain.");
        }
    }

    // The host cannot wait for what still runs: its callers are told, and nothing more is started.
    public void Abandon(Exception exception)
    {
        Request[] requests;
        lock (_gate)
        {
            _stage = Stage.Ended;
            requests = [.. _running, .. _waiting];
            _waiting.Clear();
        }

        _directory.Remove(this);
        foreach (var request in requests)
        {
            request.Reject(exception);
        }

        _deactivated.TrySetResult();
    }

    private bool MayStart(Request request) =>
        _runningInOrder == 0 || request.AlwaysInterleave || _class.Reentrant || (request.ReadOnly && _runningWriters == 0);

    private void Start(Request request)
    {
        _running.Add(request);
        if (!request.AlwaysInterleave)
        {
            _runningInOrder++;
            _runningWriters += request.ReadOnly ? 0 : 1;
        }

        _scheduler.Schedule(() => RunAsync(request));
    }

    private void StartWaiting()
    {
        // Once a writer runs nothing that waits may start, unless all may.
        for (var node = _waiting.First; node is not null && (_runningWriters == 0 || _class.Reentrant);)
        {
            var next = node.Next;
            if (MayStart(node.Value))
            {
                _waiting.Remove(node);
                Start(node.Value);
            }

            node = next;
        }
    }

    private async Task RunAsync(Request request)
    {
        await request.RunAsync(this);
        lock (_gate)
        {
            _running.Remove(request);
            if (!request.AlwaysInterleave)
            {
                _runningInOrder--;
                _runningWriters -= request.ReadOnly ? 0 : 1;
            }

            if (request.KeepAlive)
            {
                _lastUse = Environment.TickCount64;
            }

            if (_stage is Stage.Active)
            {
                StartWaiting();
            }
            else if (_stage is Stage.Deactivating)
            {
                DeactivateOnceIdle();
            }
        }
    }

    private async Task ActivateAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(_directory.ActivationTimeout);
            _scope = _directory.CreateScope();
            var grain = _class.Create(this, _directory.Database, out var states);
            _grain = grain;
            foreach (IStorage state in states)
            {
                await state.ReadStateAsync(limit.Token);
            }

            await grain.OnActivateAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            Log.ActivationFailed(_directory.Logger, GrainId, exception);
            await EndAsync(exception);
            return;
        }

        lock (_gate)
        {
            if (_reason is null)
            {
                _lastUse = Environment.TickCount64;
                _stage = Stage.Active;
                StartWaiting();
                return;
            }

            _stage = Stage.Deactivating;
        }

        // Who waits for an activation that does not want to live is told, lest the next does the same without end.
        await DeactivateAsync(_reason.Value.ReasonCode is DeactivationReasonCode.ShuttingDown
            ? null
            : new OrleansMessageRejectionException($"The grain {GrainId} was deactivated while it was activated: {_reason}"));
    }

    private void DeactivateOnceIdle()
    {
        if (_running.Count == 0)
        {
            _scheduler.Schedule(() => DeactivateAsync(null));
        }
    }

    private async Task DeactivateAsync(Exception? rejection)
    {
        DisposeTimers();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_deactivationCancellation);
            limit.CancelAfter(_directory.DeactivationTimeout);
            await _grain!.OnDeactivateAsync(_reason!.Value, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            Log.DeactivationFailed(_directory.Logger, GrainId, exception);
        }

        await EndAsync(rejection);
    }

    // Requests that still wait are rejected, or go to the next activation of the grain.
    private async Task EndAsync(Exception? rejection)
    {
        DisposeTimers();
        try
        {
            await DisposeAsync();
        }
        catch (Exception exception)
        {
            Log.DeactivationFailed(_directory.Logger, GrainId, exception);
        }

        // Removed first: from now on nothing of this activation runs, and whoever is turned away finds a new one.
        _directory.Remove(this);
        Request[] waiting;
        lock (_gate)
        {
            _stage = Stage.Ended;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var request in waiting)
        {
            if (rejection is not null)
            {
                request.Reject(rejection);
            }
            else if (!request.BelongsToActivation)
            {
                _directory.Send(GrainId, request);
            }
        }

        _deactivated.TrySetResult();
    }

    private async ValueTask DisposeAsync()
    {
        if (_grain is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else
        {
            (_grain as IDisposable)?.Dispose();
        }

        if (_scope is { } scope)
        {
            await scope.DisposeAsync();
        }
    }

    private void DisposeTimers()
    {
        GrainTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }
}
