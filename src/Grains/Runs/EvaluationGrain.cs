using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="IEvaluationGrain"/>
internal sealed class EvaluationGrain(
    [PersistentState("evaluation", GrainStorage.Name)] IPersistentState<EvaluationGrainState> state, TimeProvider time, ILogger<EvaluationGrain> logger)
    : WatchedWorkGrain<EvaluationGrainState>(state, time, logger), IEvaluationGrain
{
    protected override string? Device => State.Request?.RunSpecification.Training.Device;

    public async Task QueueAsync(EvaluationRequest request)
    {
        State.Request ??= request;
        if (Work.State == WorkState.None)
        {
            await QueueAsync(WorkKind.Evaluate, request.Study);
        }
        else
        {
            await BringBackAsync();
        }
    }

    public Task<EvaluationView> CancelAsync() => ActAsync(Work.Cancel());

    public Task<EvaluationView> PauseAsync() => ActAsync(Work.Pause());

    public Task<EvaluationView> ResumeAsync() => ActAsync(Work.Resume());

    public Task<EvaluationView> RetryAsync() => ActAsync(Work.Retry());

    public async Task ImportAsync(EvaluationView evaluation)
    {
        // An import that was interrupted is made again.
        if (State.Request is { } known && !(State.Imported && known.Study == evaluation.Request?.Study))
        {
            throw new LabException($"There is an evaluation '{Key}' already.");
        }

        State.Request = evaluation.Request;
        State.Work = ImportedWork.ToRecord(evaluation.Work);
        State.Imported = true;
        await PersistAsync();
    }

    public Task<EvaluationView> GetAsync() => Task.FromResult(new EvaluationView { Id = Key, Request = State.Request, Work = Work.ToView() });

    private async Task<EvaluationView> ActAsync(WorkRecord changed)
    {
        await ChangeAsync(changed);
        return await GetAsync();
    }
}

[GenerateSerializer, Alias("evaluation-grain-state")]
internal sealed class EvaluationGrainState : WatchedWorkGrainState
{
    [Id(0)] public EvaluationRequest? Request { get; set; }
}
