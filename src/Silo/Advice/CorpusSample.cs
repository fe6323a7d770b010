using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Workers;

namespace SlungOrleans.Silo.Advice;

/// <summary>A corpus that documents can be taken from evenly, whether it is imported or not.</summary>
/// <param name="Characters">About how many UTF-16 code units its documents have.</param>
/// <param name="Take">A share of the documents, 0 to 1, spread over the whole corpus.</param>
internal sealed record CorpusSample(double Characters, Func<double, IEnumerable<Document>> Take);

/// <summary>Opens corpora for a preview.</summary>
internal sealed class CorpusSamples(CorpusFiles corpora, Taggers taggers, ScoreHistograms scores, IGrainFactory grains)
{
    private const int ShardsRead = 4;
    private const int SyntheticLookedAt = 20;
    private const long LargestFile = 64 << 20;

    /// <summary>Opens a corpus.</summary>
    /// <param name="study">The study, which may say where the corpus comes from.</param>
    /// <param name="name">The corpus.</param>
    /// <param name="tagger">Who scores its spans; null if they do not matter.</param>
    /// <exception cref="LabException">It is not there, or it is neither tagged nor can be tagged now.</exception>
    public async Task<CorpusSample> OpenAsync(StudySpecification study, string name, TaggerSpecification? tagger)
    {
        var view = await grains.GetGrain<ICorpusGrain>(Identifiers.Ensure(name, "corpus")).GetAsync();
        var job = view.Version.Length > 0 && tagger is not null ? await scores.FindJobAsync(view, tagger) : null;
        if (job is not null)
        {
            var manifest = corpora.ReadManifest(name, view.Version);
            return new CorpusSample(manifest.Characters, share => TakeOfShards(manifest.Shards, share, shard => corpora.ReadShard(name, view.Version, shard)
                .Zip(corpora.ReadTags(job, shard), (document, spans) => document with { Spans = spans })));
        }

        var tag = TaggerOf(name, tagger);
        if (view.Version.Length > 0)
        {
            var manifest = corpora.ReadManifest(name, view.Version);
            return new CorpusSample(manifest.Characters, share => TakeOfShards(manifest.Shards, share, shard => corpora.ReadShard(name, view.Version, shard)).Select(tag));
        }

        return study.Corpora.FirstOrDefault(corpus => corpus.Name == name) switch
        {
            { Synthetic: { } synthetic } => OfSynthetic(synthetic, tag),
            { Path: not null } corpus => OfFile(corpus, tag),
            _ => throw new LabException($"There is no corpus '{name}': it has not been imported, and the study's `corpora` do not say where it comes from."),
        };
    }

    private Func<Document, Document> TaggerOf(string corpus, TaggerSpecification? tagger)
    {
        switch (tagger?.Kind)
        {
            case null:
                return document => document;
            case "gold" or "word-list":
                var made = taggers.Create(tagger);
                return document => document with { Spans = made.Tag(document) };
            default:
                throw new LabException($"'{corpus}' has not been tagged by this tagger yet, and a preview cannot wait for that. The study itself will tag it first.");
        }
    }

    private static CorpusSample OfSynthetic(SyntheticSpecification synthetic, Func<Document, Document> tag)
    {
        var documents = (IReadOnlyList<Document>)CorpusMapping.Generate(synthetic);
        var looked = Math.Min(documents.Count, SyntheticLookedAt);
        var characters = Enumerable.Range(0, looked).Average(index => documents[index].Text.Length) * documents.Count;
        return new CorpusSample(characters, share => Enumerable.Range(0, documents.Count).Where(index => IsTaken(index, share)).Select(index => tag(documents[index])));
    }

    private static CorpusSample OfFile(CorpusSpecification corpus, Func<Document, Document> tag)
    {
        var source = CorpusMapping.ToSource(corpus);
        if (!File.Exists(source.Path))
        {
            throw new LabException($"Corpus '{corpus.Name}': there is no file '{source.Path}'.");
        }

        if (new FileInfo(source.Path).Length > LargestFile)
        {
            throw new LabException($"Corpus '{corpus.Name}' is larger than {LargestFile >> 20} MiB and not imported yet; a preview of it would take too long. The study itself will import it first.");
        }

        var documents = DocumentReader.Read(source, new ReadCounts()).ToList();
        return new CorpusSample(documents.Sum(document => (double)document.Text.Length), share => documents.Where((_, index) => IsTaken(index, share)).Select(tag));
    }

    private static IEnumerable<Document> TakeOfShards(int shards, double share, Func<int, IEnumerable<Document>> read)
    {
        var looked = Math.Min(shards, ShardsRead);
        var index = 0;
        for (var i = 0; i < looked; i++)
        {
            foreach (var document in read((int)((long)i * shards / looked)))
            {
                if (IsTaken(index++, share * shards / looked))
                {
                    yield return document;
                }
            }
        }
    }

    /// <summary>Every 1/share-th.</summary>
    private static bool IsTaken(int index, double share) => share >= 1 || Math.Floor((index + 1) * share) > Math.Floor(index * share);
}
