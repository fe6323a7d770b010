using Orleans;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>A lab whose grains answer from dictionaries that a test fills. Asking for anything else is an error of the test.</summary>
internal sealed partial class InMemoryLab : IArtefactReader, IStudyLauncher, IStudyAdvisor, ILabSettings, IAuditLog, IGrainActivations
{
    public InMemoryLab()
    {
        Grains = InMemoryGrainFactory.Create(this);
        Models = new InMemoryModels(this);
    }

    public IGrainFactory Grains { get; }

    public InMemoryModels Models { get; }

    public Dictionary<string, StudyView> Studies { get; } = [];

    public Dictionary<string, RunView> Runs { get; } = [];

    public Dictionary<string, CorpusView> Corpora { get; } = [];

    public Dictionary<string, TaggingView> TaggingJobs { get; } = [];

    public Dictionary<string, EvaluationView> Evaluations { get; } = [];

    public Dictionary<string, string> Artefacts { get; } = [];

    public Dictionary<string, List<MetricPoint>> Metrics { get; } = [];

    public Dictionary<string, ImmutableArray<CheckpointView>> Checkpoints { get; } = [];

    public Dictionary<string, ImmutableArray<DocumentView>> Documents { get; } = [];

    public DevicePoolView Pool { get; set; } = new();

    public ImmutableArray<GrainActivations> Activations { get; set; } = [];

    /// <summary>What grains were asked to do, for example <c>cancel study-a</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The audit log, oldest first.</summary>
    public List<AuditLogEntry> AuditLog { get; } = [];

    public ImmutableArray<LabSetting> Settings { get; set; } = [];

    public ImmutableArray<string> Faults { get; set; } = [];

    /// <summary>How often grains were asked how they stand.</summary>
    public int Readings { get; set; }

    /// <summary>What every grain answers instead, if it is not null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What whatever is asked to change something answers instead, if it is not null.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>What grains wait for before they answer.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public ImmutableArray<SampleStudy> Samples { get; set; } = [];

    public Func<string, StudyReading> Reader { get; set; } = _ => new StudyReading(null, []);

    public Exception? LaunchFailure { get; set; }

    public ImmutableArray<ArmSpecification> KnownArms { get; set; } = [];

    public Func<StudySpecification, string> Writer { get; set; } = specification => $"name: {specification.Name}\n";

    /// <summary>Histograms of scores by corpus, whatever the tagger.</summary>
    public Dictionary<string, ScoreHistogram> Scores { get; } = [];

    public string Write(StudySpecification specification) => Writer(specification);

    public StudyReading Read(string yaml) => Reader(yaml);

    public Task<string> LaunchAsync(StudySpecification specification)
    {
        Requests.Add($"launch {specification.Name}");
        return LaunchFailure is null ? Task.FromResult(specification.Name) : Task.FromException<string>(LaunchFailure);
    }

    public Task<ImmutableArray<GrainActivations>> CountAsync() => Task.FromResult(Activations);

    public Task AddAsync(string who, string action, string kind, string id, string? refusal = null)
    {
        AuditLog.Add(new AuditLogEntry(SampleLab.Now, who, action, kind, id, refusal));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<AuditLogEntry>> ReadAsync(int most, CancellationToken cancellation = default) =>
        Task.FromResult(AuditLog.AsEnumerable().Reverse().Take(most).ToImmutableArray());

    public Task<string?> ReadTextAsync(string name, CancellationToken cancellation = default) => Task.FromResult(Artefacts.GetValueOrDefault(name));

    public Task<ImmutableArray<MetricPoint>> ReadMetricsAsync(string run, long afterStep, CancellationToken cancellation = default) =>
        Task.FromResult(Metrics.GetValueOrDefault(run, []).Where(point => point.Step > afterStep).ToImmutableArray());

    public Task<ImmutableArray<MetricSegment>> ReadMetricSegmentsAsync(string run, CancellationToken cancellation = default) =>
        Task.FromResult(Metrics.GetValueOrDefault(run, []).GroupBy(point => point.Epoch).Select(attempt => new MetricSegment(attempt.Key, [.. attempt], null)).ToImmutableArray());

    public Task<ImmutableArray<CheckpointView>> ReadCheckpointsAsync(string run, CancellationToken cancellation = default) =>
        Task.FromResult(Checkpoints.GetValueOrDefault(run, []));

    public Task<DocumentPage> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellation = default)
    {
        var documents = Documents.GetValueOrDefault(query.Corpus, []).Where(document => !query.OnlyWithSpans || !document.Spans.IsEmpty).ToArray();
        return Task.FromResult(new DocumentPage([.. documents.Skip(query.Skip).Take(query.Take)], documents.Length > query.Skip + query.Take));
    }

    public Task<ScoreHistogram?> ReadScoresAsync(string corpus, TaggerSpecification tagger, CancellationToken cancellation = default) =>
        Task.FromResult(Scores.GetValueOrDefault(corpus));

    public TrainingSpeed? Speed { get; set; }

    public TrainingSpeed MeasuredSpeed { get; set; } = new(1000, "a trial of two seconds", 1);

    public Func<StudySpecification, AuditPreview> Preview { get; set; } = _ => throw new LabException("There is nothing to mix.");

    public Task<StudyCost> EstimateAsync(StudySpecification study, CancellationToken cancellation = default) => Task.FromResult(new StudyCost(
        1_000_000,
        study.Arms.Length * study.Seeds.Length * study.Amounts.Length,
        (long)study.Training.Steps * study.Training.BatchSize * study.Model.SequenceLength,
        Speed,
        Pool.Workers.Sum(worker => worker.Devices.Length),
        12_000_000,
        3,
        null));

    public Task<TrainingSpeed> MeasureSpeedAsync(StudySpecification study, CancellationToken cancellation = default) => Task.FromResult((Speed = MeasuredSpeed)!);

    public Task<AuditPreview> PreviewAuditAsync(StudySpecification study, CancellationToken cancellation = default) => Task.FromResult(Preview(study));

    public Task<ImmutableDictionary<string, string>> ReadTextsAsync(string corpus, IReadOnlySet<string> ids, CancellationToken cancellation = default) =>
        Task.FromResult(Documents.GetValueOrDefault(corpus, []).Where(document => ids.Contains(document.Id)).ToImmutableDictionary(document => document.Id, document => document.Text));

    internal async Task<object> AnswerAsync(Type grain, string key, string method, object?[] arguments)
    {
        await Gate;
        if (Failure is not null)
        {
            throw Failure;
        }

        if (method is "CancelAsync" or "PauseAsync" or "ResumeAsync" or "RetryAsync" or "ContinueAsync")
        {
            Requests.Add(string.Join(' ', [method[..^"Async".Length].ToLowerInvariant(), key, .. arguments]));
            if (Refusal is not null)
            {
                throw Refusal;
            }

            return grain == typeof(IStudyGrain) ? ActOnStudy(key, method, arguments) : ActOnRun(key, method, arguments);
        }

        if (method == nameof(IDevicePoolGrain.MoveAsync))
        {
            return Move((WorkTicket)arguments[0]!, (WorkTicket?)arguments[1]);
        }

        Readings++;
        return (grain.Name, method) switch
        {
            (nameof(ICatalogGrain), nameof(ICatalogGrain.ListStudiesAsync)) => StudySummaries(),
            (nameof(ICatalogGrain), nameof(ICatalogGrain.ListCorporaAsync)) => Corpora.Keys.Order(StringComparer.Ordinal).ToImmutableArray(),
            (nameof(ICatalogGrain), nameof(ICatalogGrain.ListTaggingJobsAsync)) =>
                TaggingJobs.Values.Select(job => new TaggingJobName(job.Id, job.Request!.Corpus)).OrderBy(job => job.Id, StringComparer.Ordinal).ToImmutableArray(),
            (nameof(IStudyGrain), nameof(IStudyGrain.GetAsync)) => Studies.GetValueOrDefault(key, new StudyView { Id = key }),
            (nameof(ITrainingRunGrain), nameof(ITrainingRunGrain.GetAsync)) => Runs.GetValueOrDefault(key, new RunView { Id = key }),
            (nameof(ICorpusGrain), nameof(ICorpusGrain.GetAsync)) => Corpora.GetValueOrDefault(key, new CorpusView { Name = key }),
            (nameof(ITaggingJobGrain), nameof(ITaggingJobGrain.GetAsync)) => TaggingJobs.GetValueOrDefault(key, new TaggingView { Id = key }),
            (nameof(IEvaluationGrain), nameof(IEvaluationGrain.GetAsync)) => Evaluations.GetValueOrDefault(key, new EvaluationView { Id = key }),
            (nameof(IDevicePoolGrain), nameof(IDevicePoolGrain.GetAsync)) => Pool,
            _ => throw new NotSupportedException($"The dashboard asked for {grain.Name}.{method}, which this lab has no answer for."),
        };
    }

    private StudyView ActOnStudy(string key, string action, object?[] arguments)
    {
        var study = Studies[key];
        return Studies[key] = action switch
        {
            "PauseAsync" => study with { Paused = true },
            "ResumeAsync" => study with { Paused = false },
            "CancelAsync" => study with { Stage = StudyStage.Cancelled },
            "ContinueAsync" => study with { Stage = StudyStage.Running, Specification = study.Specification! with { Training = study.Specification.Training.ExtendTo((int)arguments[0]!) } },
            _ => study with { Stage = StudyStage.Running, Message = "" },
        };
    }

    private RunView ActOnRun(string key, string action, object?[] arguments)
    {
        var run = Runs[key];
        return Runs[key] = action switch
        {
            "PauseAsync" => run with { Training = run.Training with { State = WorkState.Paused } },
            "ResumeAsync" => run with { Training = run.Training with { State = WorkState.Running } },
            "CancelAsync" => run with { Training = run.Training with { State = WorkState.Cancelled } },
            "ContinueAsync" => run with
            {
                Training = run.Training with { State = WorkState.Queued },
                Specification = run.Specification! with { Training = run.Specification.Training.ExtendTo((int)arguments[0]!) },
            },
            _ => run with { Training = run.Training with { State = WorkState.Queued, Message = "" } },
        };
    }

    private DevicePoolView Move(WorkTicket ticket, WorkTicket? before)
    {
        Requests.Add($"move {ticket.Key} before {before?.Key ?? "nothing"}");
        var others = Pool.Queue.Remove(ticket);
        return Pool = Pool with { Queue = before is null ? others.Add(ticket) : others.Insert(others.IndexOf(before), ticket) };
    }

    private ImmutableArray<StudySummary> StudySummaries() => [.. Studies.Values.OrderByDescending(study => study.Launched).Select(study => new StudySummary
    {
        Id = study.Id,
        Stage = study.Stage,
        Launched = study.Launched,
        Ended = study.Ended,
        Arms = [.. study.Specification!.Arms.Select(arm => arm.Name)],
        Seeds = study.Specification.Seeds.Length,
        RunsDone = study.Runs.Count(run => run.State == WorkState.Completed && run.EvaluationsDone == run.Evaluations),
        Runs = study.Specification.Arms.Length * study.Specification.Seeds.Length * study.Specification.Amounts.Length,
        Message = study.Message,
        Verdict = string.Join('\n', study.Verdicts),
    })];
}
