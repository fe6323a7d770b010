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

    /// <summary>Units that had been kept when it started: for a run, the step of the checkpoint that it went on from.</summary>
    [Id(9)] public long From { get; init; }

    /// <summary>Units that it kept, those of the attempts before included: for a run, the step of the last checkpoint that it committed. Null if not known.</summary>
    [Id(10)] public long? Committed { get; init; }

    /// <summary>When it was last heard to have kept something, to about a second; null if it kept nothing.</summary>
    [Id(11)] public DateTimeOffset? CommittedAt { get; init; }

    /// <summary>
    /// What its end cost: the time from when it last kept something (its start, if it kept nothing) to the start of the next attempt, or to its
    /// own end if there is none. The wait is not counted where a person had stopped it. Null while it runs, and if it is not known.
    /// </summary>
    [Id(12)] public TimeSpan? TimeLost { get; init; }

    /// <summary>
    /// Units that it had done beyond what it kept, and that are done again. Of a process that was killed only what had been reported or recorded
    /// is known: for a run, steps up to two seconds before.
    /// </summary>
    [Id(13)] public long UnitsLost { get; init; }
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

    /// <summary>Failures that were counted: those that may be the work's own fault. At five it is given up.</summary>
    [Id(5)] public int Failures { get; init; }

    /// <summary>What was made, once completed.</summary>
    [Id(6)] public string Artefact { get; init; } = "";

    /// <summary>Figures of the result.</summary>
    [Id(7)] public ImmutableDictionary<string, double> Numbers { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>One sentence for people: why it failed, or waits.</summary>
    [Id(8)] public string Message { get; init; } = "";

    /// <summary>Names of further artefacts, by what they are.</summary>
    [Id(9)] public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How often it was started, <see cref="Attempts"/> that are not kept any more included.</summary>
    [Id(10)] public int Starts { get; init; }

    /// <summary>After a failure: when it is tried again; null if it does not wait for that.</summary>
    [Id(11)] public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What a person has asked of it while it runs, <see cref="WorkState.Paused"/> or <see cref="WorkState.Cancelled"/>, and what its worker has not done yet; else none.</summary>
    [Id(12)] public WorkState Wanted { get; init; }
}
