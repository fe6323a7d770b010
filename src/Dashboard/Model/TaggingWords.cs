using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Tagging jobs in words and figures.</summary>
internal static class TaggingWords
{
    public static string TaggerOf(TaggerSpecification tagger) => tagger.Kind switch
    {
        "gold" => "gold: spans that came with the corpus",
        "word-list" => $"word list {tagger.WordList}",
        "classifier" => $"classifier, trained on {string.Join(", ", tagger.TrainedOn)}",
        "fasttext" => $"fastText {Path.GetFileName(tagger.Model)}, label {tagger.Label}",
        _ => tagger.Kind,
    };

    /// <summary>Documents per second of the newest attempt; null if it has done nothing yet.</summary>
    public static double? SpeedOf(WorkView work, DateTimeOffset now)
    {
        if (work.Attempts.LastOrDefault() is not { } attempt)
        {
            return null;
        }

        var done = (attempt.Ended is null ? work.Progress.Done : attempt.Done) - attempt.From;
        var seconds = ((attempt.Ended ?? now) - attempt.Started).TotalSeconds;
        return done > 0 && seconds > 0 ? done / seconds : null;
    }

    /// <summary>How long it still takes at that speed; null if that is not known.</summary>
    public static TimeSpan? RestOf(WorkView work, double? speed) =>
        work.State == WorkState.Running && speed is { } perSecond && work.Progress.Total > 0
            ? TimeSpan.FromSeconds(Math.Max(0, work.Progress.Total - work.Progress.Done) / perSecond)
            : null;

    /// <summary>Every tagging job: those that the catalog knows, and those that were complete before it knew of any.</summary>
    public static async Task<ImmutableArray<TaggingView>> ReadAllAsync(IGrainFactory grains)
    {
        var catalog = grains.GetGrain<ICatalogGrain>(Identifiers.Default);
        var known = (await catalog.ListTaggingJobsAsync()).Select(job => job.Id);
        var corpora = await Task.WhenAll((await catalog.ListCorporaAsync()).Select(name => grains.GetGrain<ICorpusGrain>(name).GetAsync()));
        var ids = known.Union(corpora.SelectMany(corpus => corpus.TaggingJobs)).Order(StringComparer.Ordinal);
        var jobs = await Task.WhenAll(ids.Select(id => grains.GetGrain<ITaggingJobGrain>(id).GetAsync()));
        return [.. jobs.Where(job => job.Request is not null)];
    }
}
