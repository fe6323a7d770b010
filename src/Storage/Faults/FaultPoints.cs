namespace SlungOrleans.Storage;

/// <summary>
/// Named places in the product where tests break it: <c>step/after-gradients</c>, <c>checkpoint/upload</c> and so on. Reaching one costs a
/// read of a field and does nothing, unless a test or an environment variable (<see cref="FaultOrder"/>) has armed them.
/// </summary>
public static class FaultPoints
{
    private static volatile Action<string>? s_armed;

    /// <summary>The program passes a place where it could be broken.</summary>
    /// <param name="name">The place: parts in lower case, joined by '/'.</param>
    public static void Reach(string name) => s_armed?.Invoke(name);

    /// <summary>Has something done whenever any place is passed, on the thread that passes it, in the whole process.</summary>
    /// <param name="onReached">What to do; may throw or end the process.</param>
    /// <returns>Disarms the places when it is disposed of.</returns>
    /// <exception cref="InvalidOperationException">They are armed already.</exception>
    public static IDisposable Arm(Action<string> onReached)
    {
        ArgumentNullException.ThrowIfNull(onReached);
        return Interlocked.CompareExchange(ref s_armed, onReached, null) is null
            ? new Arming()
            : throw new InvalidOperationException("The fault points are armed already.");
    }

    private sealed class Arming : IDisposable
    {
        public void Dispose() => s_armed = null;
    }
}
