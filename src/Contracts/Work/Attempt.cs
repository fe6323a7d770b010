namespace SlungOrleans.Contracts;

/// <summary>One start of a piece of work.</summary>
[GenerateSerializer, Alias("attempt")]
public sealed record Attempt
{
    /// <summary>The attempt's epoch.</summary>
    [Id(0)] public long Epoch { get; init; }

    /// <summary>The worker.</summary>
    [Id(1)] public string Worker { get; init; } = "";

    /// <summary>The device.</summary>
    [Id(2)] public string Device { get; init; } = "";

    /// <summary>When it started.</summary>
    [Id(3)] public DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [Id(4)] public DateTimeOffset? Ended { get; init; }

    /// <summary>Units that were done when it ended.</summary>
    [Id(5)] public long Done { get; init; }

    /// <summary>How it ended, <see cref="WorkState.Running"/> while it runs.</summary>
    [Id(6)] public WorkState State { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(7)] public FailureKind Failure { get; init; }

    /// <summary>One sentence for people.</summary>
    [Id(8)] public string Message { get; init; } = "";

    /// <summary>Units that were done when it started.</summary>
    [Id(9)] public long From { get; init; }
}

/// <summary>Where a piece of work stands, with its attempts.</summary>
[GenerateSerializer, Alias("work-view")]
public sealed record WorkView
{
    /// <summary>The kind of work.</summary>
    [Id(0)] public WorkKind Kind { get; init; }

    /// <summary>The key of its grain.</summary>
    [Id(1)] public string Key { get; init; } = "";

    /// <summary>Where it stands.</summary>
    [Id(2)] public WorkState State { get; init; }

    /// <summary>How far it is.</summary>
    [Id(3)] public WorkProgress Progress { get; init; } = new();

    /// <summary>Its starts, oldest first; the last twenty are kept.</summary>
    [Id(4)] public ImmutableArray<Attempt> Attempts { get; init; } = [];

    /// <summary>Failures that were counted.</summary>
    [Id(5)] public int Failures { get; init; }

    /// <summary>What was made, once completed.</summary>
    [Id(6)] public string Artefact { get; init; } = "";

    /// <summary>Figures of the result.</summary>
    [Id(7)] public ImmutableDictionary<string, double> Numbers { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>One sentence for people: why it failed, or waits.</summary>
    [Id(8)] public string Message { get; init; } = "";

    /// <summary>Names of further artefacts, by what they are.</summary>
    [Id(9)] public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;
}
