using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="IStudyGrain"/>
/// <remarks>
/// One method, <see cref="AdvanceAsync"/>, looks at the stage and at what is known of the study's work and asks for what is missing.
/// It can be called at any time, any number of times: every request it makes is idempotent.
/// </remarks>
internal sealed partial class StudyGrain(
    [PersistentState("study", GrainStorage.Name)] IPersistentState<StudyGrainState> state, TimeProvider time, ILogger<StudyGrain> logger)
    : WorkGrain<StudyGrainState>(state, time, logger), IStudyGrain
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, WorkView> _known = [];
    private readonly HashSet<string> _asked = [];
    private IGrainTimer? _poll;
    private bool _advancing;
    private bool _advanceAgain;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await RefreshAsync();
        StartPolling();
    }

    public async Task LaunchAsync(StudySpecification specification)
    {
        if (specification.Name != Key)
        {
            throw new LabException($"The study is named '{specification.Name}' but was sent to '{Key}'.");
        }

        if (State.Specification is { } known)
        {
            if (HasEnded)
            {
                throw new LabException($"There is a study '{Key}' already ({State.Stage.ToString().ToLowerInvariant()}); choose another name.");
            }

            if (!IsSameOrContinued(known, specification))
            {
                throw new LabException($"There is an unfinished study '{Key}' with another specification; choose another name.");
            }

            if (State.Paused)
            {
                await ResumeAsync();
            }
        }
        else
        {
            State.Specification = specification;
            State.Launched = Now;
            State.Stage = StudyStage.Importing;
            await PersistAsync();
            await PutSummaryAsync();
            await KeepWatchAsync();
        }

        StartPolling();
    }

    public async Task ImportAsync(StudyView study)
    {
        // From the same archive: an import that was interrupted is made again.
        if (State.Specification is not null && !(State.Origin is { } known && known.Archive == study.Origin?.Archive))
        {
            throw new LabException($"There is a study '{Key}' already ({State.Stage.ToString().ToLowerInvariant()}).");
        }

        if (study.Specification is not { } specification || study.Origin is null || study.Stage != StudyStage.Completed)
        {
            throw new LabException($"Study '{Key}' is {study.Stage.ToString().ToLowerInvariant()} in the lab that it comes from; only a completed study can be imported.");
        }

        State.Specification = specification;
        State.Stage = study.Stage;
        State.Launched = study.Launched;
        State.Ended = study.Ended;
        State.Message = study.Message;
        State.Verdicts = study.Verdicts;
        State.Origin = study.Origin;
        State.Preparation = ImportedWork.ToRecord(study.Preparation);
        State.Work = ImportedWork.ToRecord(study.Comparison);
        State.RunsDone = StudyLayout.Runs(specification, State.Preparation.Names).Count();
        State.Imported = true;

        // A silo that dies before the study is listed leaves it to the reminder.
        await KeepWatchAsync();
        await PersistAsync();
        try
        {
            await RefreshAsync();
            await PutSummaryAsync();
        }
        catch (Exception exception)
        {
            // In no list, the study could neither be found nor imported again.
            await UndoImportAsync(exception);
            throw;
        }
    }

    public Task<StudyView> GetAsync() => Task.FromResult(State.Specification is not { } specification
        ? new StudyView { Id = Key }
        : new StudyView
        {
            Id = Key,
            Specification = specification,
            Stage = State.Stage,
            Launched = State.Launched,
            Ended = State.Ended,
            Runs = [.. StudyLayout.Runs(specification, State.Preparation.Names).Select(run => StudyProgress.Summarise(specification, run, _known))],
            Message = State.Message,
            Preparation = Work.Kind == WorkKind.Prepare ? Work.ToView() : State.Preparation.ToView(),
            Comparison = Work.Kind == WorkKind.Compare ? Work.ToView() : new WorkView { Kind = WorkKind.Compare, Key = Key },
            Verdicts = State.Verdicts,
            Paused = State.Paused,
            Origin = State.Origin,
        });

    public async Task WorkChangedAsync(WorkView work)
    {
        var before = _known.GetValueOrDefault(work.Key);
        _known[work.Key] = work;
        if (before?.State != work.State && !HasEnded)
        {
            await AdvanceAsync();
        }
    }

    protected override async Task OnChangedAsync()
    {
        if (!HasEnded && Work.HasEnded)
        {
            await AdvanceAsync();
        }
    }

    protected override async Task WatchAsync()
    {
        if (State.Imported || State.Specification is null)
        {
            // The catalog may not know of the import; one that was undone is forgotten.
            if (State.Imported)
            {
                await PutSummaryAsync();
            }

            await EndWatchAsync();
            return;
        }

        await base.WatchAsync();
        StartPolling();
    }

    private static bool IsSameOrContinued(StudySpecification known, StudySpecification specification) =>
        Specifications.Same(known, specification)
        || (Specifications.IsContinuation(known.Training, specification.Training) && Specifications.Same(known with { Training = specification.Training }, specification));

    private StudySpecification Specification => State.Specification ?? throw new LabException($"There is no study '{Key}'.");

    private bool HasEnded => State.Stage is StudyStage.None or StudyStage.Completed or StudyStage.Failed or StudyStage.Cancelled;

    private void StartPolling()
    {
        if (State.Specification is not null && !HasEnded)
        {
            _poll ??= this.RegisterGrainTimer(PollAsync, new GrainTimerCreationOptions(FirstPoll, PollPeriod) { KeepAlive = true });
        }
    }

    /// <summary>Makes up for lost notifications and brings forgotten work back by asking for it.</summary>
    private async Task PollAsync(CancellationToken cancellation)
    {
        _asked.Clear();
        if (State.Paused && !_paused)
        {
            // The silo may have died while it told them.
            await PauseWorkAsync();
        }

        await AdvanceAsync();
        if (HasEnded)
        {
            _poll?.Dispose();
            _poll = null;
        }
    }

    /// <summary>After an activation nothing is known of the runs; they are asked, since they will not tell again what has not changed.</summary>
    private async Task RefreshAsync()
    {
        if (State.Specification is not { } study || State.Stage < StudyStage.Running)
        {
            return;
        }

        // Side by side: a study of many runs would else keep its first reader waiting.
        await Task.WhenAll(StudyLayout.Runs(study, State.Preparation.Names).Select(run => RefreshAsync(study, run)));
    }

    private async Task RefreshAsync(StudySpecification study, RunSpecification run)
    {
        var id = StudyLayout.IdOf(run);
        var view = await GrainFactory.GetGrain<ITrainingRunGrain>(id).GetAsync();
        if (view.Specification?.Training.Steps < run.Training.Steps)
        {
            // It has not been asked for the further steps yet.
            return;
        }

        _known[id] = view.Training;
        if (_known[id].State == WorkState.Completed)
        {
            await Task.WhenAll(StudyLayout.Evaluations(study, run).Select(async evaluation =>
                _known[evaluation.Id] = (await GrainFactory.GetGrain<IEvaluationGrain>(evaluation.Id).GetAsync()).Work));
        }
    }

    private async Task AdvanceAsync()
    {
        if (State.Paused)
        {
            return;
        }

        // A turn can reach this again from within itself (a change of the study's own work); once more is enough then.
        if (_advancing)
        {
            _advanceAgain = true;
            return;
        }

        _advancing = true;
        try
        {
            do
            {
                _advanceAgain = false;
                await StepAsync();
            }
            while (_advanceAgain && !HasEnded);
        }
        finally
        {
            _advancing = false;
        }
    }

    private Task StepAsync() => State.Stage switch
    {
        StudyStage.Importing => ImportAsync(),
        StudyStage.Tagging => TagAsync(),
        StudyStage.Preparing => OwnWorkAsync(WorkKind.Prepare, EnterRunningAsync),
        StudyStage.Running => RunAsync(),
        StudyStage.Comparing => OwnWorkAsync(WorkKind.Compare, CompleteAsync),
        _ => Task.CompletedTask,
    };

    private async Task ImportAsync()
    {
        foreach (var corpus in Specification.Corpora)
        {
            try
            {
                await AskAsync(corpus.Name, () => GrainFactory.GetGrain<ICorpusGrain>(corpus.Name).ImportAsync(corpus, Key));
            }
            catch (LabException exception)
            {
                await EndAsync(StudyStage.Failed, exception.Message);
                return;
            }
        }

        await WhenAllAsync(Specification.Corpora.Select(corpus => corpus.Name), "Import of", StudyStage.Tagging);
    }

    private async Task TagAsync()
    {
        var jobs = new List<string>();
        foreach (var name in Specification.Data.HighRisk)
        {
            var corpus = await GrainFactory.GetGrain<ICorpusGrain>(name).GetAsync();
            if (corpus.Version.Length == 0)
            {
                await EndAsync(StudyStage.Failed, $"Corpus '{name}' has not been imported, and the study's `corpora` do not say where it comes from.");
                return;
            }

            var job = TaggingJobs.IdFor(name, corpus.Version, Specification.Data.Tagger);
            jobs.Add(job);
            var request = new TaggingRequest { Corpus = name, Version = corpus.Version, Tagger = Specification.Data.Tagger };
            await AskAsync(job, () => GrainFactory.GetGrain<ITaggingJobGrain>(job).TagAsync(request, Key));
        }

        State.TaggingJobs = [.. jobs];
        await WhenAllAsync(jobs, "Tagging job", StudyStage.Preparing);
    }

    private async Task RunAsync()
    {
        var ended = 0;
        var failed = new List<string>();
        var total = 0;
        foreach (var run in StudyLayout.Runs(Specification, State.Preparation.Names))
        {
            var id = StudyLayout.IdOf(run);
            await AskAsync(id, () => GrainFactory.GetGrain<ITrainingRunGrain>(id).QueueAsync(run));
            total++;
            switch (_known.GetValueOrDefault(id)?.State)
            {
                case WorkState.Completed:
                    var evaluations = StudyLayout.Evaluations(Specification, run).ToList();
                    foreach (var (evaluation, request) in evaluations)
                    {
                        await AskAsync(evaluation, () => GrainFactory.GetGrain<IEvaluationGrain>(evaluation).QueueAsync(request));
                    }

                    var states = evaluations.Select(evaluation => _known.GetValueOrDefault(evaluation.Id)?.State).ToList();
                    ended += states.TrueForAll(IsEnd) ? 1 : 0;
                    failed.AddRange(evaluations.Where((_, index) => states[index] is WorkState.Failed or WorkState.Cancelled).Select(evaluation => evaluation.Id));
                    break;
                case WorkState.Failed or WorkState.Cancelled:
                    ended++;
                    failed.Add(id);
                    break;
            }
        }

        if (State.RunsDone != ended)
        {
            State.RunsDone = ended;
            await PutSummaryAsync();
        }

        if (ended == total)
        {
            State.Message = failed.Count == 0 ? "" : $"Incomplete: {string.Join(", ", failed)} failed or was cancelled.";
            await EnterAsync(StudyStage.Comparing);
        }
    }

    /// <summary>The study's own long work: asked for once, waited for, then <paramref name="next"/>.</summary>
    private async Task OwnWorkAsync(WorkKind kind, Func<Task> next)
    {
        if (Work.Kind != kind || Work.State == WorkState.None)
        {
            if (Work.Kind == WorkKind.Prepare && Work.State == WorkState.Completed)
            {
                State.Preparation = Work;
            }

            await ChangeAsync(new WorkRecord { Epoch = Work.Epoch }.Queue(kind, Key));
            return;
        }

        switch (Work.State)
        {
            case WorkState.Completed:
                await next();
                break;
            case WorkState.Failed or WorkState.Cancelled:
                await EndAsync(StudyStage.Failed, Work.Message);
                break;
            default:
                await BringBackAsync();
                break;
        }
    }

    private Task EnterRunningAsync()
    {
        State.Preparation = Work;
        return EnterAsync(StudyStage.Running);
    }

    private Task CompleteAsync()
    {
        State.Verdicts = [.. Work.Names.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
        return EndAsync(StudyStage.Completed, State.Message);
    }

    /// <summary>Asks for a piece of work once per poll, so that a notification storm is not answered by a storm of requests.</summary>
    private async Task AskAsync(string key, Func<Task> request)
    {
        if (_known.GetValueOrDefault(key)?.State == WorkState.Completed)
        {
            return;
        }

        if (_asked.Add(key))
        {
            await request();
        }
    }

    private async Task WhenAllAsync(IEnumerable<string> keys, string what, StudyStage next)
    {
        foreach (var key in keys)
        {
            switch (_known.GetValueOrDefault(key))
            {
                case { State: WorkState.Completed }:
                    continue;
                case { State: WorkState.Failed or WorkState.Cancelled } work:
                    await EndAsync(StudyStage.Failed, $"{what} '{key}' failed: {work.Message}");
                    return;
                default:
                    return;
            }
        }

        await EnterAsync(next);
    }

    private async Task EnterAsync(StudyStage stage)
    {
        State.Stage = stage;
        await PersistAsync();
        LogStage(logger, Key, stage);
        await PutSummaryAsync();
        _advanceAgain = true;
    }

    private async Task EndAsync(StudyStage stage, string message)
    {
        State.Stage = stage;
        State.Message = message;
        State.Ended = Now;
        State.Paused = false;
        await PersistAsync();
        LogStage(logger, Key, stage);
        await PutSummaryAsync();
        await EndWatchAsync();
    }

    private Task PutSummaryAsync() => GrainFactory.GetGrain<ICatalogGrain>(Identifiers.Default).PutStudyAsync(new StudySummary
    {
        Id = Key,
        Stage = State.Stage,
        Launched = State.Launched,
        Ended = State.Ended,
        Arms = [.. Specification.Arms.Select(arm => arm.Name)],
        Seeds = Specification.Seeds.Length,
        RunsDone = State.RunsDone,
        Runs = Specification.Arms.Length * Specification.Seeds.Length * Specification.Amounts.Length,
        Message = State.Message,
        Imported = State.Imported,

        // A study that ended without one (a single seed, a missing run) says the same of every arm and amount.
        Verdict = string.Join('\n', State.Verdicts.Distinct()),
    });

    private async Task UndoImportAsync(Exception reason)
    {
        try
        {
            _known.Clear();
            await ClearAsync();
            LogImportUndone(logger, reason, Key);
        }
        catch (Exception exception)
        {
            // Whoever imports is told the reason, and asks whether the study is there.
            LogImportNotUndone(logger, exception, Key);
        }
    }

    private static bool IsEnd(WorkState? state) => state is WorkState.Completed or WorkState.Failed or WorkState.Cancelled;

    [LoggerMessage(LogLevel.Warning, "The import of study {Study} was undone: it could not be listed.")]
    private static partial void LogImportUndone(ILogger logger, Exception exception, string study);

    [LoggerMessage(LogLevel.Error, "The import of study {Study} could not be undone: it is registered, and in no list.")]
    private static partial void LogImportNotUndone(ILogger logger, Exception exception, string study);

    [LoggerMessage(LogLevel.Information, "Study {Study}: {Stage}.")]
    private static partial void LogStage(ILogger logger, string study, StudyStage stage);
}
