namespace SlungOrleans.Contracts;

/// <summary>Reads, checks and launches studies written as YAML.</summary>
public interface IStudyLauncher
{
    /// <summary>Names and texts of the studies that come with the lab, the quick start first.</summary>
    ImmutableArray<SampleStudy> Samples { get; }

    /// <summary>The arms that a study can name without spelling them out, in the order in which they are shown.</summary>
    ImmutableArray<ArmSpecification> KnownArms { get; }

    /// <summary>Writes a study as YAML, every setting spelled out. Reading the text gives an equal study.</summary>
    /// <param name="specification">The study, with or without faults.</param>
    string Write(StudySpecification specification);

    /// <summary>Reads and checks a study, importing and launching nothing.</summary>
    /// <param name="yaml">The study as YAML.</param>
    StudyReading Read(string yaml);

    /// <summary>Launches a study. Returns its id.</summary>
    /// <param name="specification">A specification without faults.</param>
    /// <exception cref="LabException">It has faults, or its name is taken.</exception>
    Task<string> LaunchAsync(StudySpecification specification);
}

/// <summary>A study that comes with the lab.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Yaml">Its text.</param>
public sealed record SampleStudy(string Name, string Yaml);

/// <summary>What was read from a study's text.</summary>
/// <param name="Specification">The specification; null if the text is not YAML of the right form.</param>
/// <param name="Faults">Every fault found, each one sentence that names the field; none if it can be launched.</param>
public sealed record StudyReading(StudySpecification? Specification, ImmutableArray<string> Faults);

/// <summary>Reads what workers wrote.</summary>
public interface IArtefactReader
{
    /// <summary>The text of an artefact; null if there is none of that name.</summary>
    /// <param name="name">A name of <see cref="ArtefactNames"/>.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<string?> ReadTextAsync(string name, CancellationToken cancellation = default);

    /// <summary>
    /// What each attempt at a run recorded, oldest first, the steps that a newer attempt made again included; <see cref="ReadMetricsAsync"/> gives
    /// every step once.
    /// </summary>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<ImmutableArray<MetricSegment>> ReadMetricSegmentsAsync(string run, CancellationToken cancellation = default);

    /// <summary>A run's metrics after a step, in order of steps; where attempts overlap, the newest counts.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="afterStep">Only steps above this; 0 for all.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<ImmutableArray<MetricPoint>> ReadMetricsAsync(string run, long afterStep, CancellationToken cancellation = default);

    /// <summary>A run's checkpoints, newest first.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<ImmutableArray<CheckpointView>> ReadCheckpointsAsync(string run, CancellationToken cancellation = default);

    /// <summary>A page of a corpus' documents, with spans marked by level.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<DocumentPage> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellation = default);

    /// <summary>How a tagger's scores are spread over the newest version of a corpus; null if that tagger has not tagged it.</summary>
    /// <param name="corpus">The corpus' name.</param>
    /// <param name="tagger">The tagger.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<ScoreHistogram?> ReadScoresAsync(string corpus, TaggerSpecification tagger, CancellationToken cancellation = default);

    /// <summary>Texts of documents of a corpus' newest version, by id; an id that it does not have is left out.</summary>
    /// <param name="corpus">The corpus' name.</param>
    /// <param name="ids">The documents' ids.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="LabException">There is no such corpus.</exception>
    Task<ImmutableDictionary<string, string>> ReadTextsAsync(string corpus, IReadOnlySet<string> ids, CancellationToken cancellation = default);
}

/// <summary>Metrics of one training step.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">The loss, as trained on.</param>
/// <param name="CrossEntropy">Mean cross-entropy over the tokens that have it; not a number if none.</param>
/// <param name="Unlikelihood">Mean unlikelihood loss over the tokens that have it; not a number if none.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientNorm">The gradient's norm before clipping.</param>
/// <param name="LossBearingShare">Share of the tokens that bear a loss.</param>
/// <param name="TokensPerSecond">Speed.</param>
/// <param name="Epoch">The attempt.</param>
public sealed record MetricPoint(
    long Step, double Loss, double CrossEntropy, double Unlikelihood, double LearningRate, double GradientNorm, double LossBearingShare, double TokensPerSecond, long Epoch);

/// <summary>What one attempt at a run recorded.</summary>
/// <param name="Epoch">The attempt.</param>
/// <param name="Points">Its steps in order; at least one.</param>
/// <param name="SupersededFrom">The first of its steps that a newer attempt made again: from it on they do not count. Null if all count.</param>
public sealed record MetricSegment(long Epoch, ImmutableArray<MetricPoint> Points, long? SupersededFrom)
{
    /// <summary>Its first step.</summary>
    public long From => Points[0].Step;

    /// <summary>Its last step.</summary>
    public long To => Points[^1].Step;

    /// <summary>Whether a newer attempt made one of its steps again.</summary>
    /// <param name="point">One of its points.</param>
    public bool IsSuperseded(MetricPoint point) => point.Step >= SupersededFrom;
}

/// <summary>A checkpoint in a line.</summary>
/// <param name="Step">The step it was taken after.</param>
/// <param name="Epoch">The attempt that committed it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Hash">SHA-256 of its weights.</param>
/// <param name="CreatedBy">The program and engine that made it.</param>
/// <param name="SettingsHash">SHA-256 of everything its numbers depend on.</param>
/// <param name="LossHistoryHash">SHA-256 chained over the losses of all steps.</param>
public sealed record CheckpointView(long Step, long Epoch, long Bytes, string Hash, string CreatedBy = "", string SettingsHash = "", string LossHistoryHash = "");

/// <summary>Which documents of a corpus to read.</summary>
/// <param name="Corpus">The corpus' name.</param>
/// <param name="Skip">Documents to pass over.</param>
/// <param name="Take">Documents to return, at most 200.</param>
/// <param name="TaggingJob">The job whose spans to show; null for the spans that came with the corpus.</param>
/// <param name="OnlyWithSpans">Whether to pass over documents without spans.</param>
public sealed record DocumentQuery(string Corpus, int Skip, int Take, string? TaggingJob = null, bool OnlyWithSpans = false);

/// <summary>A page of documents.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="More">Whether there are more.</param>
public sealed record DocumentPage(ImmutableArray<DocumentView> Documents, bool More);

/// <summary>A document with spans.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text.</param>
/// <param name="Label">Whether it is high-risk as a whole; null if it has no label.</param>
/// <param name="Kind">Its kind, if it has one.</param>
/// <param name="Spans">Its spans, in order.</param>
public sealed record DocumentView(string Id, string Text, bool? Label, string? Kind, ImmutableArray<SpanView> Spans);

/// <summary>A scored span.</summary>
/// <param name="Start">Index of its first UTF-16 code unit.</param>
/// <param name="End">Index after its last.</param>
/// <param name="Score">Its score, 0 to 1.</param>
/// <param name="Level">Its level at the default thresholds.</param>
public sealed record SpanView(int Start, int End, double Score, SpanLevel Level);

/// <summary>What a score means at the thresholds.</summary>
public enum SpanLevel
{
    /// <summary>At or below the benign threshold.</summary>
    Benign,

    /// <summary>Between the thresholds.</summary>
    Middle,

    /// <summary>Above the high-risk threshold.</summary>
    HighRisk,
}
