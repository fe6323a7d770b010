using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="ICatalogGrain"/>
internal sealed class CatalogGrain([PersistentState("catalog", GrainStorage.Name)] IPersistentState<CatalogGrainState> state) : Grain, ICatalogGrain
{
    public async Task PutStudyAsync(StudySummary study)
    {
        if (state.State.Studies.TryGetValue(study.Id, out var known) && known with { Arms = study.Arms } == study)
        {
            return;
        }

        state.State.Studies = state.State.Studies.SetItem(study.Id, study);
        await this.WriteOrForgetAsync(state);
    }

    public async Task PutCorpusAsync(string name)
    {
        if (!state.State.Corpora.Contains(name))
        {
            state.State.Corpora = [.. state.State.Corpora.Add(name).Order(StringComparer.Ordinal)];
            await this.WriteOrForgetAsync(state);
        }
    }

    public async Task PutTaggingJobAsync(TaggingJobName job)
    {
        if (!state.State.TaggingJobs.Contains(job))
        {
            state.State.TaggingJobs =
                [.. state.State.TaggingJobs.Add(job).OrderBy(known => known.Corpus, StringComparer.Ordinal).ThenBy(known => known.Id, StringComparer.Ordinal)];
            await this.WriteOrForgetAsync(state);
        }
    }

    public Task<ImmutableArray<TaggingJobName>> ListTaggingJobsAsync() => Task.FromResult(state.State.TaggingJobs);

    public Task<ImmutableArray<StudySummary>> ListStudiesAsync() =>
        Task.FromResult<ImmutableArray<StudySummary>>([.. state.State.Studies.Values.OrderByDescending(study => study.Launched)]);

    public Task<ImmutableArray<string>> ListCorporaAsync() => Task.FromResult(state.State.Corpora);
}

[GenerateSerializer, Alias("catalog-grain-state")]
internal sealed class CatalogGrainState
{
    [Id(0)] public ImmutableDictionary<string, StudySummary> Studies { get; set; } = ImmutableDictionary<string, StudySummary>.Empty;

    [Id(1)] public ImmutableArray<string> Corpora { get; set; } = [];

    [Id(2)] public ImmutableArray<TaggingJobName> TaggingJobs { get; set; } = [];
}
