using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

// A timer whose ticks are requests of its activation. The next tick is set once the tick before it has ended.
internal sealed class GrainTimer : IGrainTimer
{
    private const uint LongestMilliseconds = 0xfffffffe;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly ILogger _logger;
    private readonly Tick _tick;
    private readonly Timer _timer;
    private TimeSpan _dueTime = Timeout.InfiniteTimeSpan;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _firing;
    private bool _changed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, ILogger logger)
    {
        ThrowIfOutOfRange(options.DueTime, options.Period);
        _activation = activation;
        _callback = callback;
        _logger = logger;
        _tick = new(this) { AlwaysInterleave = options.Interleave, KeepAlive = options.KeepAlive };
        using (ExecutionContext.SuppressFlow())
        {
            _timer = new(static state => ((GrainTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfOutOfRange(dueTime, period);
        lock (_gate)
        {
            _dueTime = dueTime;
            _period = period;
            _changed = true;

            // During a tick the change waits for its end, so that ticks never overlap.
            if (!_firing && !_disposed.IsCancellationRequested)
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed.IsCancellationRequested)
            {
                return;
            }

            _timer.Dispose();
        }

        _activation.Forget(this);
        _disposed.Cancel();
    }

    private static void ThrowIfOutOfRange(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((long)dueTime.TotalMilliseconds, -1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)dueTime.TotalMilliseconds, LongestMilliseconds, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan((long)period.TotalMilliseconds, -1, nameof(period));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)period.TotalMilliseconds, LongestMilliseconds, nameof(period));
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_firing || _disposed.IsCancellationRequested)
            {
                return;
            }

            _firing = true;
            _changed = false;
        }

        // Turned away only by an activation that ends, and with it the timer.
        _activation.TryReceive(_tick);
    }

    private async Task RunTickAsync()
    {
        if (!_disposed.IsCancellationRequested)
        {
            try
            {
                await _callback(_disposed.Token);
            }
            catch (Exception exception)
            {
                Log.TimerFailed(_logger, _activation.GrainId, exception);
                _activation.OnFailure(exception);
            }
        }

        lock (_gate)
        {
            _firing = false;
            if (!_disposed.IsCancellationRequested)
            {
                _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Tick(GrainTimer timer) : Request
    {
        public override bool BelongsToActivation => true;

        public override Task RunAsync(Activation activation) => timer.RunTickAsync();

        public override void Reject(Exception exception) => timer.Dispose();
    }
}
