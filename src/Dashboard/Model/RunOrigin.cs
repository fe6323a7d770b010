using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>What a run's data was made of.</summary>
/// <param name="Study">The study.</param>
/// <param name="Corpora">Its training corpora as they are now, the base first.</param>
/// <param name="TaggingJobs">The tagging of its pool by its tagger.</param>
public sealed record RunOrigin(StudySpecification Study, ImmutableArray<CorpusView> Corpora, ImmutableArray<TaggingView> TaggingJobs)
{
    /// <summary>Reads it; null where the study is not known.</summary>
    public static async Task<RunOrigin?> ReadAsync(IGrainFactory grains, string study)
    {
        if (!Identifiers.IsValid(study) || (await grains.GetGrain<IStudyGrain>(study).GetAsync()).Specification is not { } specification)
        {
            return null;
        }

        var corpora = await Task.WhenAll(specification.Data.Base.Concat(specification.Data.HighRisk).Distinct().Select(name => grains.GetGrain<ICorpusGrain>(name).GetAsync()));
        var pool = corpora.Where(corpus => specification.Data.HighRisk.Contains(corpus.Name));
        var jobs = await Task.WhenAll(pool.SelectMany(corpus => corpus.TaggingJobs).Select(job => grains.GetGrain<ITaggingJobGrain>(job).GetAsync()));
        return new RunOrigin(specification, [.. corpora], [.. jobs.Where(job => job.Request is { } request && Same(request.Tagger, specification.Data.Tagger))]);
    }

    // Arrays within records are compared by what they hold.
    private static bool Same(TaggerSpecification one, TaggerSpecification other) =>
        one.TrainedOn.SequenceEqual(other.TrainedOn) && one with { TrainedOn = [] } == other with { TrainedOn = [] };
}
