namespace SlungOrleans.Dashboard;

/// <summary>Counts the pages that are read for: open, and with a browser at the other end.</summary>
public sealed class LiveSubscriptions
{
    private int _count;

    /// <summary>How many there are; 0 when every tab is closed or has lost its connection.</summary>
    public int Count => Volatile.Read(ref _count);

    internal IDisposable Subscribe()
    {
        Interlocked.Increment(ref _count);
        return new Subscription(this);
    }

    private sealed class Subscription(LiveSubscriptions all) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref all._count);
            }
        }
    }
}
