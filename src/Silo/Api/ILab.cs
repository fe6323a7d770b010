using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary>What a person does to a study, a run or an evaluation.</summary>
internal enum WorkAction
{
    Pause,
    Resume,
    Cancel,
    Retry,
    Continue,
}

/// <summary>
/// What the command line asks of a lab: of the one in this process (<see cref="LocalLab"/>, which the HTTP API asks too) or of one that runs
/// (<see cref="RemoteLab"/>). What is refused is refused by both with the same sentence.
/// </summary>
internal interface ILab
{
    /// <summary>Studies, newest first.</summary>
    Task<ImmutableArray<StudySummary>> ListStudiesAsync(CancellationToken cancellation);

    /// <summary>A study that there is.</summary>
    Task<StudyView> GetStudyAsync(string study, CancellationToken cancellation);

    /// <summary>A study's runs, with what the verifications of completed ones came to.</summary>
    Task<ImmutableArray<StudyRun>> ListRunsAsync(StudyView study, CancellationToken cancellation);

    /// <summary>A study's comparison as JSON; null if there is none yet.</summary>
    Task<string?> ReadComparisonAsync(string study, CancellationToken cancellation);

    /// <summary>A completed study as one HTML page.</summary>
    Task<Stream> ReportAsync(string study, CancellationToken cancellation);

    /// <summary>A completed study as an archive.</summary>
    Task<Stream> ExportAsync(string study, CancellationToken cancellation);

    /// <summary>Takes in a study that another lab has exported. Returns its name.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="file">The name of its file, for people.</param>
    /// <param name="cancellation">Cancels the request.</param>
    Task<string> ImportStudyAsync(Stream archive, string file, CancellationToken cancellation);

    /// <summary>Launches a study, or goes on with it if it is the same. Returns how it stands.</summary>
    /// <param name="yaml">The study as YAML.</param>
    /// <param name="cancellation">Cancels the request.</param>
    Task<StudyView> LaunchAsync(string yaml, CancellationToken cancellation);

    /// <summary>Does something to a study. Returns how it stands.</summary>
    /// <param name="action">What.</param>
    /// <param name="study">The study.</param>
    /// <param name="steps"><see cref="WorkAction.Continue"/>: steps in all.</param>
    /// <param name="cancellation">Cancels the request.</param>
    Task<StudyView> ActOnStudyAsync(WorkAction action, string study, int steps, CancellationToken cancellation);

    /// <summary>A run that there is.</summary>
    Task<RunView> GetRunAsync(string run, CancellationToken cancellation);

    /// <summary>Does something to a run. Returns how it stands.</summary>
    /// <param name="action">What.</param>
    /// <param name="run">The run.</param>
    /// <param name="steps"><see cref="WorkAction.Continue"/>: steps in all.</param>
    /// <param name="cancellation">Cancels the request.</param>
    Task<RunView> ActOnRunAsync(WorkAction action, string run, int steps, CancellationToken cancellation);

    /// <summary>What each attempt at a run recorded, oldest first.</summary>
    Task<ImmutableArray<MetricSegment>> ReadMetricSegmentsAsync(string run, CancellationToken cancellation);

    /// <summary>Replays a completed run's last steps.</summary>
    Task<ResumeCertificateView> CertifyAsync(string run, CancellationToken cancellation);

    /// <summary>A run's checkpoints, newest first.</summary>
    Task<ImmutableArray<CheckpointView>> ListCheckpointsAsync(string run, CancellationToken cancellation);

    /// <summary>What would become of a run's checkpoints.</summary>
    Task<RunCheckpointPlan> PlanCheckpointsAsync(string run, RetentionChange change, CancellationToken cancellation);

    /// <summary>Deletes checkpoints that a plan has shown: all of them, or none.</summary>
    Task DeleteCheckpointsAsync(string run, ImmutableArray<RunCheckpoint> chosen, CancellationToken cancellation);

    /// <summary>Keeps a checkpoint whatever the policy says, or no longer.</summary>
    Task PinCheckpointAsync(string run, long step, bool pinned, CancellationToken cancellation);

    /// <summary>Reads a checkpoint to its end. Returns what is damaged; null if it is whole.</summary>
    Task<string?> VerifyCheckpointAsync(string run, long step, CancellationToken cancellation);

    /// <summary>Corpora, by name.</summary>
    Task<ImmutableArray<CorpusView>> ListCorporaAsync(CancellationToken cancellation);

    /// <summary>A corpus that there is.</summary>
    Task<CorpusView> GetCorpusAsync(string corpus, CancellationToken cancellation);

    /// <summary>Begins to import a corpus that is not there. Returns how it stands.</summary>
    Task<CorpusView> ImportAsync(CorpusSpecification specification, CancellationToken cancellation);
}

/// <summary>A run in a list of runs.</summary>
/// <param name="Study">Its study.</param>
/// <param name="Run">The run in a line.</param>
/// <param name="Certificate">What its last verification came to; null if there was none.</param>
internal sealed record StudyRun(string Study, RunSummary Run, ResumeCertificateView? Certificate);

/// <summary>How a retention policy differs from the run's own; null where it does not.</summary>
/// <param name="Latest">How many of the latest are kept.</param>
/// <param name="Every">Those whose step is a multiple of this; 0 for none.</param>
/// <param name="Best">How many with the lowest loss.</param>
/// <param name="Budget">Bytes that all together may take up.</param>
internal sealed record RetentionChange(int? Latest = null, long? Every = null, int? Best = null, long? Budget = null)
{
    public RetentionSpecification Of(RetentionSpecification own) => own with
    {
        Latest = Latest ?? own.Latest,
        EverySteps = Every ?? own.EverySteps,
        Best = Best ?? own.Best,
        BudgetBytes = Budget ?? own.BudgetBytes,
    };
}
