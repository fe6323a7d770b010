using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A timer of an activation, gone with it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when the timer ticks next and how often after that.</summary>
    /// <param name="dueTime">Time to the next tick; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="period">Time between the end of a tick and the next; <see cref="Timeout.InfiniteTimeSpan"/> for one tick only.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>How a timer ticks.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Creates options.</summary>
    /// <param name="dueTime">Time to the first tick.</param>
    /// <param name="period">Time between the end of a tick and the next.</param>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time to the first tick; <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time between the end of a tick and the next; <see cref="Timeout.InfiniteTimeSpan"/> for one tick only.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may run between the turns of calls.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as a call for the collection of idle activations.</summary>
    public bool KeepAlive { get; init; }
}
