namespace SlungOrleans.Contracts;

/// <summary>A corpus as people see it.</summary>
[GenerateSerializer, Alias("corpus-view")]
public sealed record CorpusView
{
    /// <summary>The corpus' name.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>Where it came from; null if it was never imported.</summary>
    [Id(1)] public CorpusSpecification? Specification { get; init; }

    /// <summary>The newest complete version (a hash); empty if there is none.</summary>
    [Id(2)] public string Version { get; init; } = "";

    /// <summary>The import: its figures are <c>documents</c>, <c>characters</c>, <c>spans</c>, <c>labelled</c>, <c>shards</c>.</summary>
    [Id(3)] public WorkView Import { get; init; } = new();

    /// <summary>Tagging jobs over it, newest last.</summary>
    [Id(4)] public ImmutableArray<string> TaggingJobs { get; init; } = [];
}

/// <summary>A run as people see it.</summary>
[GenerateSerializer, Alias("run-view")]
public sealed record RunView
{
    /// <summary>The run's id.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>What it runs; null if it was never created.</summary>
    [Id(1)] public RunSpecification? Specification { get; init; }

    /// <summary>The training: units are steps; figures are <c>loss</c>, <c>tokens-per-second</c>.</summary>
    [Id(2)] public WorkView Training { get; init; } = new();

    /// <summary>What the last verification came to; null if there was none.</summary>
    [Id(3)] public ResumeCertificateView? Certificate { get; init; }
}

/// <summary>Whether a run's last steps, replayed from the checkpoint before, come to the same bits; the artefact has the details.</summary>
[GenerateSerializer, Alias("resume-certificate-view")]
public sealed record ResumeCertificateView
{
    /// <summary><c>identical</c>, <c>different</c> or <c>not-verified</c>.</summary>
    [Id(0)] public string Verdict { get; init; } = "";

    /// <summary>The step that the replay began after.</summary>
    [Id(1)] public long FromStep { get; init; }

    /// <summary>The step that it ended with.</summary>
    [Id(2)] public long ToStep { get; init; }

    /// <summary>SHA-256 of the weights that it was compared with.</summary>
    [Id(3)] public string WeightsHash { get; init; } = "";

    /// <summary>One sentence for people.</summary>
    [Id(4)] public string Message { get; init; } = "";

    /// <summary>When it was made.</summary>
    [Id(5)] public DateTimeOffset Made { get; init; }
}

/// <summary>An evaluation as people see it.</summary>
[GenerateSerializer, Alias("evaluation-view")]
public sealed record EvaluationView
{
    /// <summary>The evaluation's id.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>What it evaluates; null if it was never created.</summary>
    [Id(1)] public EvaluationRequest? Request { get; init; }

    /// <summary>The work; its figures are the suite's metrics.</summary>
    [Id(2)] public WorkView Work { get; init; } = new();
}

/// <summary>A tagging job as people see it.</summary>
[GenerateSerializer, Alias("tagging-view")]
public sealed record TaggingView
{
    /// <summary>The job's id.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>What it tags; null if it was never created.</summary>
    [Id(1)] public TaggingRequest? Request { get; init; }

    /// <summary>The work.</summary>
    [Id(2)] public WorkView Work { get; init; } = new();
}

/// <summary>A tagging job in the catalog.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Corpus">The corpus that it tags.</param>
[GenerateSerializer, Alias("tagging-job-name")]
public sealed record TaggingJobName([property: Id(0)] string Id, [property: Id(1)] string Corpus);

/// <summary>A study's stages, in order.</summary>
public enum StudyStage
{
    /// <summary>There is no such study.</summary>
    None,

    /// <summary>Corpora are imported.</summary>
    Importing,

    /// <summary>The pool is tagged.</summary>
    Tagging,

    /// <summary>Tokenizer, data sets and audit are made.</summary>
    Preparing,

    /// <summary>Runs are trained and evaluated.</summary>
    Running,

    /// <summary>The comparison is built.</summary>
    Comparing,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Given up; the view says why.</summary>
    Failed,

    /// <summary>Stopped by a person.</summary>
    Cancelled,
}

/// <summary>A study as people see it.</summary>
[GenerateSerializer, Alias("study-view")]
public sealed record StudyView
{
    /// <summary>The study's id, which is its name.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>What was asked for; null if there is no such study.</summary>
    [Id(1)] public StudySpecification? Specification { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public StudyStage Stage { get; init; }

    /// <summary>When it was launched.</summary>
    [Id(3)] public DateTimeOffset Launched { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [Id(4)] public DateTimeOffset? Ended { get; init; }

    /// <summary>Its runs, arm by arm.</summary>
    [Id(5)] public ImmutableArray<RunSummary> Runs { get; init; } = [];

    /// <summary>One sentence for people: why it failed, or what it waits for.</summary>
    [Id(6)] public string Message { get; init; } = "";

    /// <summary>The preparation.</summary>
    [Id(7)] public WorkView Preparation { get; init; } = new();

    /// <summary>The building of the comparison.</summary>
    [Id(8)] public WorkView Comparison { get; init; } = new();

    /// <summary>Sentences of verdict, the most telling first, once completed.</summary>
    [Id(9)] public ImmutableArray<string> Verdicts { get; init; } = [];

    /// <summary>Whether a person holds it back.</summary>
    [Id(10)] public bool Paused { get; init; }

    /// <summary>Where it came from; null if it was run here.</summary>
    [Id(11)] public StudyOrigin? Origin { get; init; }
}

/// <summary>A run of a study, in a line.</summary>
[GenerateSerializer, Alias("run-summary")]
public sealed record RunSummary
{
    /// <summary>The run's id.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>The arm's name.</summary>
    [Id(1)] public string Arm { get; init; } = "";

    /// <summary>The seed.</summary>
    [Id(2)] public int Seed { get; init; }

    /// <summary>The amount.</summary>
    [Id(3)] public double Amount { get; init; }

    /// <summary>Where its training stands.</summary>
    [Id(4)] public WorkState State { get; init; }

    /// <summary>Steps done.</summary>
    [Id(5)] public long Step { get; init; }

    /// <summary>Steps in all.</summary>
    [Id(6)] public long Steps { get; init; }

    /// <summary>The last loss; not a number before the first step.</summary>
    [Id(7)] public double Loss { get; init; } = double.NaN;

    /// <summary>Evaluations that are completed.</summary>
    [Id(8)] public int EvaluationsDone { get; init; }

    /// <summary>Evaluations in all.</summary>
    [Id(9)] public int Evaluations { get; init; }

    /// <summary>Starts of its training.</summary>
    [Id(10)] public int Attempts { get; init; }

    /// <summary>Tokens per second of late.</summary>
    [Id(11)] public double TokensPerSecond { get; init; }

    /// <summary>One sentence for people, if something is wrong.</summary>
    [Id(12)] public string Message { get; init; } = "";

    /// <summary>Kinds of the devices that it was trained on (<see cref="DeviceName.KindOf"/>), in order.</summary>
    [Id(13)] public ImmutableArray<string> DeviceKinds { get; init; } = [];
}

/// <summary>A study in the catalog.</summary>
[GenerateSerializer, Alias("study-summary")]
public sealed record StudySummary
{
    /// <summary>The study's id.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>Where it stands.</summary>
    [Id(1)] public StudyStage Stage { get; init; }

    /// <summary>When it was launched.</summary>
    [Id(2)] public DateTimeOffset Launched { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [Id(3)] public DateTimeOffset? Ended { get; init; }

    /// <summary>Names of its arms.</summary>
    [Id(4)] public ImmutableArray<string> Arms { get; init; } = [];

    /// <summary>How many seeds.</summary>
    [Id(5)] public int Seeds { get; init; }

    /// <summary>Runs that are trained and evaluated.</summary>
    [Id(6)] public int RunsDone { get; init; }

    /// <summary>Runs in all.</summary>
    [Id(7)] public int Runs { get; init; }

    /// <summary>One sentence for people.</summary>
    [Id(8)] public string Message { get; init; } = "";

    /// <summary>The verdicts of a completed study, one sentence per line, the most telling first; empty before.</summary>
    [Id(9)] public string Verdict { get; init; } = "";

    /// <summary>Whether it was imported from another lab.</summary>
    [Id(10)] public bool Imported { get; init; }
}

/// <summary>What the device pool knows.</summary>
[GenerateSerializer, Alias("device-pool-view")]
public sealed record DevicePoolView
{
    /// <summary>Workers that are alive.</summary>
    [Id(0)] public ImmutableArray<WorkerOffer> Workers { get; init; } = [];

    /// <summary>Leases.</summary>
    [Id(1)] public ImmutableArray<DeviceLease> Leases { get; init; } = [];

    /// <summary>The queue, next first.</summary>
    [Id(2)] public ImmutableArray<WorkTicket> Queue { get; init; } = [];
}
