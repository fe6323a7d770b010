using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="ITaggingJobGrain"/>
internal sealed class TaggingJobGrain(
    [PersistentState("tagging-job", GrainStorage.Name)] IPersistentState<TaggingJobGrainState> state, TimeProvider time, ILogger<TaggingJobGrain> logger)
    : WatchedWorkGrain<TaggingJobGrainState>(state, time, logger), ITaggingJobGrain
{
    public async Task TagAsync(TaggingRequest request, string? study)
    {
        State.Request ??= request;
        await GrainFactory.GetGrain<ICatalogGrain>(Identifiers.Default).PutTaggingJobAsync(new TaggingJobName(Key, request.Corpus));
        await QueueAsync(WorkKind.Tag, study);
    }

    public Task<TaggingView> GetAsync() => Task.FromResult(new TaggingView { Id = Key, Request = State.Request, Work = Work.ToView() });

    protected override async Task OnChangedAsync()
    {
        if (Work.State == WorkState.Completed && State.Request is { } request)
        {
            await GrainFactory.GetGrain<ICorpusGrain>(request.Corpus).AddTagsAsync(Key);
        }

        await base.OnChangedAsync();
    }
}

[GenerateSerializer, Alias("tagging-job-grain-state")]
internal sealed class TaggingJobGrainState : WatchedWorkGrainState
{
    [Id(0)] public TaggingRequest? Request { get; set; }
}
