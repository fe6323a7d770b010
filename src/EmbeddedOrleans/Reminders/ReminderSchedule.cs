using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Timers;

// Ticks one reminder until it is disposed. The next tick is set once the tick before it has ended.
internal sealed class ReminderSchedule : IDisposable
{
    // The clock may be set while one waits.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Reminder _reminder;
    private readonly IRemindable _grain;
    private readonly ILogger _logger;
    private readonly Timer _timer;
    private DateTime _due;

    public ReminderSchedule(Reminder reminder, IRemindable grain, ILogger logger)
    {
        _reminder = reminder;
        _grain = grain;
        _logger = logger;
        _due = reminder.NextTick(DateTime.UtcNow);
        using (ExecutionContext.SuppressFlow())
        {
            _timer = new(static state => ((ReminderSchedule)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Wait();
    }

    public void Dispose() => _timer.Dispose();

    private void Wait()
    {
        var wait = _due - DateTime.UtcNow;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
        try
        {
            // Rounded up: the timer counts whole milliseconds, and must not be early.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Disposed during a tick: there is no next one.
        }
    }

    private async void OnTimer()
    {
        if (DateTime.UtcNow >= _due)
        {
            await TickAsync();
        }

        Wait();
    }

    private async Task TickAsync()
    {
        var now = DateTime.UtcNow;
        try
        {
            await _grain.ReceiveReminder(_reminder.ReminderName, new(_reminder.Start, _reminder.Period, now));
        }
        catch (Exception exception)
        {
            Log.ReminderFailed(_logger, _reminder.ReminderName, _reminder.Grain, exception);
        }

        _due = _reminder.TickAfter(_due, DateTime.UtcNow);
    }
}
