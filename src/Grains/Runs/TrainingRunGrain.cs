using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="ITrainingRunGrain"/>
internal sealed class TrainingRunGrain(
    [PersistentState("run", GrainStorage.Name)] IPersistentState<TrainingRunGrainState> state, TimeProvider time, ILogger<TrainingRunGrain> logger)
    : WatchedWorkGrain<TrainingRunGrainState>(state, time, logger), ITrainingRunGrain
{
    protected override string? Device => State.Specification?.Training.Device;

    public async Task QueueAsync(RunSpecification specification)
    {
        if (State.Specification is { } known && !Specifications.Same(known, specification))
        {
            if (IsContinuationOf(specification, known))
            {
                await ExtendAsync(specification.Training);
                return;
            }

            // It was continued by itself since.
            if (IsContinuationOf(known, specification))
            {
                return;
            }

            throw new LabException($"Run '{Key}' was created with another specification.");
        }

        State.Specification = specification;
        if (Work.State == WorkState.None)
        {
            await QueueAsync(WorkKind.Train, specification.Study);
        }
        else
        {
            await BringBackAsync();
        }
    }

    public Task<RunView> CancelAsync() => ActAsync(Work.Cancel());

    public Task<RunView> PauseAsync() => ActAsync(Work.Pause());

    public Task<RunView> ResumeAsync() => ActAsync(Work.Resume());

    public Task<RunView> RetryAsync() => ActAsync(Work.Retry());

    public async Task<RunView> ContinueAsync(int steps)
    {
        var specification = State.Specification ?? throw new LabException($"There is no run '{Key}'.");
        var extended = specification.Training.ExtendTo(steps);
        if (steps == specification.Training.Steps)
        {
            return await GetAsync();
        }

        var study = await GrainFactory.GetGrain<IStudyGrain>(specification.Study).GetAsync();
        if (study.Stage is not (StudyStage.None or StudyStage.Completed or StudyStage.Failed or StudyStage.Cancelled))
        {
            throw new LabException($"Run '{Key}' is part of study '{study.Id}', which has not ended; it can be continued then.");
        }

        await ExtendAsync(extended);
        return await GetAsync();
    }

    public async Task CertifyAsync(ResumeCertificateView certificate)
    {
        EnsureNotImported();
        if (Work.State is not (WorkState.Completed or WorkState.Running))
        {
            throw new LabException($"Run '{Key}' is {Work.State.ToString().ToLowerInvariant()}; only a completed run can be verified.");
        }

        State.Certificate = certificate;
        await PersistAsync();
    }

    public async Task ImportAsync(RunView run)
    {
        // An import that was interrupted is made again.
        if (State.Specification is { } known && !(State.Imported && known.Study == run.Specification?.Study))
        {
            throw new LabException($"There is a run '{Key}' already.");
        }

        State.Specification = run.Specification;
        State.Certificate = run.Certificate;
        State.Work = ImportedWork.ToRecord(run.Training);
        State.Imported = true;
        await PersistAsync();
    }

    public Task<RunView> GetAsync() => Task.FromResult(
        new RunView { Id = Key, Specification = State.Specification, Training = Work.ToView(), Certificate = State.Certificate });

    private static bool IsContinuationOf(RunSpecification longer, RunSpecification shorter) =>
        Specifications.IsContinuation(longer.Training, shorter.Training) && Specifications.Same(longer with { Training = shorter.Training }, shorter);

    private Task ExtendAsync(TrainingSpecification training)
    {
        EnsureNotImported();
        if (Work.State != WorkState.Completed)
        {
            throw new LabException($"Run '{Key}' is {Work.State.ToString().ToLowerInvariant()}; only a completed run can be continued with more steps.");
        }

        // Of the shorter run.
        State.Certificate = null;
        State.Specification = State.Specification! with { Training = training };
        return ChangeAsync(Work.Continue());
    }

    private async Task<RunView> ActAsync(WorkRecord changed)
    {
        await ChangeAsync(changed);
        return await GetAsync();
    }
}

[GenerateSerializer, Alias("training-run-grain-state")]
internal sealed class TrainingRunGrainState : WatchedWorkGrainState
{
    [Id(0)] public RunSpecification? Specification { get; set; }

    [Id(1)] public ResumeCertificateView? Certificate { get; set; }
}
