using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="ITrainingRunGrain"/>
internal sealed class TrainingRunGrain(
    [PersistentState("run", GrainStorage.Name)] IPersistentState<TrainingRunGrainState> state, TimeProvider time, ILogger<TrainingRunGrain> logger)
    : WatchedWorkGrain<TrainingRunGrainState>(state, time, logger), ITrainingRunGrain
{
    public async Task QueueAsync(RunSpecification specification)
    {
        if (State.Specification is { } known && !Specifications.Same(known, specification))
        {
            throw new LabException($"Run '{Key}' was created with another specification.");
        }

        State.Specification = specification;
        if (Work.State == WorkState.None)
        {
            await QueueAsync(WorkKind.Train, specification.Study);
        }
    }

    public Task CancelAsync() => ChangeAsync(Work.Cancel());

    public Task PauseAsync() => ChangeAsync(Work.Pause());

    public Task ResumeAsync() => ChangeAsync(Work.Resume());

    public async Task CertifyAsync(ResumeCertificateView certificate)
    {
        if (Work.State != WorkState.Completed)
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
}

[GenerateSerializer, Alias("training-run-grain-state")]
internal sealed class TrainingRunGrainState : WatchedWorkGrainState
{
    [Id(0)] public RunSpecification? Specification { get; set; }

    [Id(1)] public ResumeCertificateView? Certificate { get; set; }
}
