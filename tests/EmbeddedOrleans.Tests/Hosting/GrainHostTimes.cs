namespace EmbeddedOrleans.Tests;

/// <summary>Times of a host; null for its own.</summary>
public sealed record GrainHostTimes
{
    public TimeSpan? ResponseTimeout { get; init; }

    public TimeSpan? ActivationTimeout { get; init; }

    public TimeSpan? DeactivationTimeout { get; init; }

    public TimeSpan? CollectionAge { get; init; }

    public TimeSpan? MinimumReminderPeriod { get; init; }
}
