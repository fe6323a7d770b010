namespace SlungOrleans.Contracts;

/// <summary>Kinds of long work, each the business of one kind of grain.</summary>
public enum WorkKind
{
    /// <summary>Read a source into a corpus version (<see cref="ICorpusGrain"/>).</summary>
    Import,

    /// <summary>Score the spans of a corpus version (<see cref="ITaggingJobGrain"/>).</summary>
    Tag,

    /// <summary>Train the tokenizer, pack every arm's data, audit them (<see cref="IStudyGrain"/>).</summary>
    Prepare,

    /// <summary>Train a run (<see cref="ITrainingRunGrain"/>).</summary>
    Train,

    /// <summary>Evaluate a checkpoint (<see cref="IEvaluationGrain"/>).</summary>
    Evaluate,

    /// <summary>Build a study's comparison (<see cref="IStudyGrain"/>).</summary>
    Compare,
}

/// <summary>Where a piece of long work stands.</summary>
public enum WorkState
{
    /// <summary>Not asked for yet.</summary>
    None,

    /// <summary>Waits for a device.</summary>
    Queued,

    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>Held back by a person.</summary>
    Paused,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Given up; the view says why.</summary>
    Failed,

    /// <summary>Stopped by a person.</summary>
    Cancelled,
}

/// <summary>Why an attempt failed; decides whether it is tried again.</summary>
public enum FailureKind
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>The store or network failed; tried again after a while, not counted.</summary>
    Transient,

    /// <summary>No memory for it; counted, not tried again.</summary>
    OutOfMemory,

    /// <summary>The loss or a gradient is not a number; counted, not tried again: it would come to the same.</summary>
    Diverged,

    /// <summary>The input or specification is at fault; counted, not tried again: that cannot help.</summary>
    Poison,

    /// <summary>The worker is gone; tried again at once, not counted.</summary>
    NodeLost,

    /// <summary>Anything else; counted, tried again after a while until five are counted.</summary>
    Unexpected,
}

/// <summary>A request for long work, in the pool's queue. Tickets of the same kind and key are the same request.</summary>
/// <param name="Kind">The kind of work.</param>
/// <param name="Key">The key of the grain whose work it is.</param>
[GenerateSerializer, Alias("work-ticket")]
public sealed record WorkTicket([property: Id(0)] WorkKind Kind, [property: Id(1)] string Key)
{
    /// <summary>The device, or the kind of devices, that the work is for (<see cref="DeviceName.Serves"/>); null for any.</summary>
    [Id(2)] public string? Device { get; init; }

    /// <inheritdoc/>
    public bool Equals(WorkTicket? other) => other is not null && Kind == other.Kind && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Key);
}

/// <summary>A device that is lent to a piece of work until the worker gives it back or is gone.</summary>
/// <param name="Ticket">The work.</param>
/// <param name="Worker">The worker, new with every process.</param>
/// <param name="Device">The device, for example <c>cpu:0</c>.</param>
[GenerateSerializer, Alias("device-lease")]
public sealed record DeviceLease([property: Id(0)] WorkTicket Ticket, [property: Id(1)] string Worker, [property: Id(2)] string Device);

/// <summary>What a worker offers.</summary>
[GenerateSerializer, Alias("worker-offer")]
public sealed record WorkerOffer
{
    /// <summary>Unique to the process.</summary>
    [Id(0)] public string Worker { get; init; } = "";

    /// <summary>The silo's name; a new worker of the same silo replaces the one before it.</summary>
    [Id(1)] public string Silo { get; init; } = "";

    /// <summary>Devices, for example <c>cpu:0</c> and <c>cpu:1</c>; each takes one piece of work at a time.</summary>
    [Id(2)] public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>The engine that computes on the first of them; <see cref="Offered"/> has each one's.</summary>
    [Id(3)] public string Engine { get; init; } = "managed";

    /// <summary>What the devices are, in the order of <see cref="Devices"/>; empty from workers of a version that did not say.</summary>
    [Id(4)] public ImmutableArray<OfferedDevice> Offered { get; init; } = [];
}

/// <summary>What a device is.</summary>
/// <param name="Name">Its name, for example <c>cuda:0</c>.</param>
/// <param name="Engine">The engine that computes on it: <c>managed</c> or <c>torchsharp</c>.</param>
/// <param name="Hardware">The make of a device with memory of its own, as its driver says it; null for the machine's processor.</param>
/// <param name="MemoryBytes">Bytes of its own memory, or else of the machine's, which all such devices of a silo share; null if nobody says.</param>
[GenerateSerializer, Alias("offered-device")]
public sealed record OfferedDevice(
    [property: Id(0)] string Name, [property: Id(1)] string Engine, [property: Id(2)] string? Hardware, [property: Id(3)] long? MemoryBytes);

/// <summary>A grain's permission to do its work. Whatever the worker reports or commits carries the epoch; an older epoch than the newest is refused.</summary>
/// <param name="Epoch">Rises with every attempt.</param>
[GenerateSerializer, Alias("work-assignment")]
public sealed record WorkAssignment([property: Id(0)] long Epoch);

/// <summary>How far a worker is.</summary>
[GenerateSerializer, Alias("work-progress")]
public sealed record WorkProgress
{
    /// <summary>What is being done, in a few words.</summary>
    [Id(0)] public string Stage { get; init; } = "";

    /// <summary>Units done (steps, documents, items).</summary>
    [Id(1)] public long Done { get; init; }

    /// <summary>Units in all; 0 if not known.</summary>
    [Id(2)] public long Total { get; init; }

    /// <summary>Figures of the moment, for example <c>loss</c> and <c>tokens-per-second</c>.</summary>
    [Id(3)] public ImmutableDictionary<string, double> Numbers { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Units that the attempt went on from; null until it is known, and for work that keeps nothing before its end.</summary>
    [Id(4)] public long? From { get; init; }

    /// <summary>Units that another attempt would go on from; null if not known.</summary>
    [Id(5)] public long? Committed { get; init; }

    /// <summary>Units that the attempt before is recorded to have done beyond <see cref="From"/>; they are done again.</summary>
    [Id(6)] public long Rewound { get; init; }
}

/// <summary>A grain's answer to a report.</summary>
public enum WorkDirective
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Stop at the next safe point, keeping what is done: the work is paused or cancelled.</summary>
    Stop,

    /// <summary>Stop at once and commit nothing: a newer epoch has the work.</summary>
    Lost,
}

/// <summary>How an attempt ended.</summary>
[GenerateSerializer, Alias("work-outcome")]
public sealed record WorkOutcome
{
    /// <summary><see cref="WorkState.Completed"/>, <see cref="WorkState.Failed"/>, or <see cref="WorkState.Queued"/> (interrupted: goes back to the queue).</summary>
    [Id(0)] public WorkState State { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(1)] public FailureKind Failure { get; init; }

    /// <summary>One sentence for people: the failure, or why it was interrupted.</summary>
    [Id(2)] public string Message { get; init; } = "";

    /// <summary>The hash or name of what was made (a corpus' version, a data plan, a result).</summary>
    [Id(3)] public string Artefact { get; init; } = "";

    /// <summary>Figures of the result (counts, metrics).</summary>
    [Id(4)] public ImmutableDictionary<string, double> Numbers { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Names of further artefacts, by what they are (see <see cref="ArtefactNames.DatasetKey"/>).</summary>
    [Id(5)] public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;
}
