namespace SlungOrleans.Dashboard;

/// <summary>
/// Counts the pages that are read for: open, and with a browser at the other end. What several of them read at the same time is read once; nothing is kept for
/// pages that are closed.
/// </summary>
/// <param name="time">The time.</param>
public sealed class LiveSubscriptions(TimeProvider time)
{
    // Less than the time between two readings of one page, which is not to be given its own last one.
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Dictionary<object, (DateTimeOffset At, Lazy<Task> Reading)> _readings = [];
    private int _count;

    /// <summary>How many there are; 0 when every tab is closed or has lost its connection.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>How many readings are kept for other pages to share; 0 when there are no subscriptions.</summary>
    internal int Readings
    {
        get
        {
            lock (_lock)
            {
                return _readings.Count;
            }
        }
    }

    internal IDisposable Subscribe()
    {
        lock (_lock)
        {
            _count++;
        }

        return new Subscription(this);
    }

    /// <summary>Reads, or takes what another page has begun to read in the last half second.</summary>
    /// <param name="what">What is read: equal for equal readings.</param>
    /// <param name="anew">Whether to read in any case; others may share it.</param>
    /// <param name="read">Reads it.</param>
    internal async Task<T> ReadAsync<T>(object what, bool anew, Func<Task<T>> read)
    {
        Lazy<Task> reading;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var old in _readings.Where(known => now - known.Value.At >= Shared).Select(known => known.Key).ToArray())
            {
                _readings.Remove(old);
            }

            if (!anew && _readings.TryGetValue(what, out var known))
            {
                reading = known.Reading;
            }
            else
            {
                reading = new Lazy<Task>(read);
                if (_count > 0)
                {
                    _readings[what] = (now, reading);
                }
            }
        }

        return await (Task<T>)reading.Value;
    }

    private void End()
    {
        lock (_lock)
        {
            _count--;
            if (_count == 0)
            {
                _readings.Clear();
            }
        }
    }

    private sealed class Subscription(LiveSubscriptions all) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                all.End();
            }
        }
    }
}
