using System.Collections.Concurrent;
using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>Histograms of taggers' scores. Tags never change once they are made, so that each is read once.</summary>
internal sealed class ScoreHistograms(CorpusFiles corpora, IGrainFactory grains)
{
    private const int MostRemembered = 64;
    private readonly ConcurrentDictionary<string, ScoreHistogram> _known = new();

    /// <summary>The scores of the newest version; null if the tagger has not tagged it.</summary>
    public async Task<ScoreHistogram?> ReadAsync(string corpus, TaggerSpecification tagger, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<ICorpusGrain>(Identifiers.Ensure(corpus, "corpus")).GetAsync();
        if (view.Version.Length == 0)
        {
            return null;
        }

        var job = await FindJobAsync(view, tagger);

        // Gold spans come with the corpus.
        if (job is null && tagger.Kind != "gold")
        {
            return null;
        }

        var key = job ?? $"{corpus}/{view.Version}";
        if (!_known.TryGetValue(key, out var histogram))
        {
            histogram = await Task.Run(() => Count(corpus, view.Version, job, cancellation), cancellation);
            if (_known.Count >= MostRemembered)
            {
                _known.Clear();
            }

            _known[key] = histogram;
        }

        return histogram;
    }

    /// <summary>The newest tagging job of a tagger over a corpus' newest version; null if there is none. A tagger without a model's hash matches one with it.</summary>
    public async Task<string?> FindJobAsync(CorpusView corpus, TaggerSpecification tagger)
    {
        foreach (var job in corpus.TaggingJobs.Reverse())
        {
            var made = await grains.GetGrain<ITaggingJobGrain>(job).GetAsync();
            if (made.Request is { } request && request.Version == corpus.Version && IsSame(request.Tagger, tagger))
            {
                return job;
            }
        }

        return null;
    }

    private static bool IsSame(TaggerSpecification made, TaggerSpecification asked)
    {
        // A launch puts the hash in, and the model's full path.
        var expected = asked with
        {
            ModelSha256 = asked.ModelSha256 ?? made.ModelSha256,
            Model = asked.Model is { Length: > 0 } path ? Path.GetFullPath(path) : asked.Model,
        };
        return JsonSerializer.Serialize(expected) == JsonSerializer.Serialize(made);
    }

    private ScoreHistogram Count(string corpus, string version, string? job, CancellationToken cancellation)
    {
        var characters = new long[ScoreHistogram.Bins];
        long spans = 0, all = 0;
        foreach (var document in job is null ? corpora.Read(corpus, version) : corpora.ReadTagged(corpus, version, job))
        {
            cancellation.ThrowIfCancellationRequested();
            all += document.Text.Length;
            foreach (var span in document.Spans)
            {
                spans++;
                characters[ScoreHistogram.BinOf(span.Score)] += span.End - span.Start;
            }
        }

        return new ScoreHistogram([.. characters], spans, all);
    }
}
