using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="ICorpusGrain"/>
internal sealed class CorpusGrain(
    [PersistentState("corpus", GrainStorage.Name)] IPersistentState<CorpusGrainState> state, TimeProvider time, ILogger<CorpusGrain> logger)
    : WatchedWorkGrain<CorpusGrainState>(state, time, logger), ICorpusGrain
{
    public async Task ImportAsync(CorpusSpecification specification, string? study)
    {
        Identifiers.Ensure(specification.Name, "corpus");
        if (State.Specification is { } known && Work.State is not (WorkState.Failed or WorkState.Cancelled) && !Specifications.Same(known, specification))
        {
            throw new LabException($"There is another corpus named '{Key}', from a different source or with different settings; choose another name.");
        }

        State.Specification = specification;
        await GrainFactory.GetGrain<ICatalogGrain>(Identifiers.Default).PutCorpusAsync(Key);
        await QueueAsync(WorkKind.Import, study);
    }

    public Task<CorpusView> GetAsync() => Task.FromResult(new CorpusView
    {
        Name = Key,
        Specification = State.Specification,
        Version = Work.Artefact,
        Import = Work.ToView(),
        TaggingJobs = State.TaggingJobs,
    });

    public async Task AddTagsAsync(string job)
    {
        if (!State.TaggingJobs.Contains(job))
        {
            State.TaggingJobs = State.TaggingJobs.Add(job);
            await PersistAsync();
        }
    }
}

[GenerateSerializer, Alias("corpus-grain-state")]
internal sealed class CorpusGrainState : WatchedWorkGrainState
{
    [Id(0)] public CorpusSpecification? Specification { get; set; }

    [Id(1)] public ImmutableArray<string> TaggingJobs { get; set; } = [];
}
