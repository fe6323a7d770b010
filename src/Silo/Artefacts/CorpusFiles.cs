using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>What a corpus version holds. Written last: a version without it is not there.</summary>
internal sealed record CorpusManifest
{
    public int FormatVersion { get; init; } = 1;

    public required int Shards { get; init; }

    public required long Documents { get; init; }

    public required long Characters { get; init; }

    public required long Spans { get; init; }

    public required long Labelled { get; init; }

    public required long Skipped { get; init; }
}

/// <summary>Corpus versions and their tags in the blob store.</summary>
internal sealed class CorpusFiles(IBlobStore store, IGrainFactory grains)
{
    private const int ShardBytes = 4 << 20;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The newest version of a corpus.</summary>
    /// <exception cref="LabException">It was never imported.</exception>
    public async Task<string> VersionOfAsync(string corpus)
    {
        Identifiers.Ensure(corpus, "corpus");
        var view = await grains.GetGrain<ICorpusGrain>(corpus).GetAsync();
        return view.Version.Length > 0 ? view.Version : throw new LabException($"There is no corpus '{corpus}': it has not been imported.");
    }

    /// <summary>All documents of the newest versions of some corpora, in order; where they are several, with qualified ids.</summary>
    public IEnumerable<Document> ReadNewest(IReadOnlyCollection<string> corpora) => corpora.SelectMany(corpus =>
        Read(corpus, VersionOfAsync(corpus).GetAwaiter().GetResult()).Select(document => corpora.Count > 1 ? Qualify(corpus, document) : document));

    /// <summary>The document with its corpus' name before its id: ids are unique in a corpus only.</summary>
    public static Document Qualify(string corpus, Document document) => document with { Id = $"{corpus}/{document.Id}" };

    /// <summary>Documents of the newest version of a corpus by their ids, in order; ids that are not there are left out.</summary>
    public IEnumerable<Document> Find(string corpus, IReadOnlySet<string> ids, CancellationToken cancellation) =>
        ReadNewest([corpus])
            .Where(document =>
            {
                cancellation.ThrowIfCancellationRequested();
                return ids.Contains(document.Id);
            })
            .Take(ids.Count);

    public IEnumerable<Document> Read(string corpus, string version)
    {
        var manifest = ReadManifest(corpus, version);
        for (var shard = 0; shard < manifest.Shards; shard++)
        {
            foreach (var document in ReadShard(corpus, version, shard))
            {
                yield return document;
            }
        }
    }

    public IEnumerable<Document> ReadShard(string corpus, string version, int shard)
    {
        var name = ArtefactNames.CorpusShard(corpus, version, shard);
        using var stream = store.OpenReadAsync(name).GetAwaiter().GetResult();
        foreach (var document in DocumentJson.Read(stream, name))
        {
            yield return document;
        }
    }

    public IEnumerable<IReadOnlyList<ScoredSpan>> ReadTags(string job, int shard)
    {
        var name = ArtefactNames.TagShard(job, shard);
        using var stream = store.OpenReadAsync(name).GetAwaiter().GetResult();
        foreach (var spans in TagJson.Read(stream, name))
        {
            yield return spans;
        }
    }

    /// <summary>Documents with the spans of a tagging job in place of those that came with them.</summary>
    public IEnumerable<Document> ReadTagged(string corpus, string version, string job)
    {
        for (var shard = 0; shard < ReadManifest(corpus, version).Shards; shard++)
        {
            foreach (var (document, spans) in ReadShard(corpus, version, shard).Zip(ReadTags(job, shard)))
            {
                yield return document with { Spans = spans };
            }
        }
    }

    public CorpusManifest ReadManifest(string corpus, string version) =>
        JsonSerializer.Deserialize<CorpusManifest>(store.ReadAllTextAsync(ArtefactNames.CorpusManifest(corpus, version)).GetAwaiter().GetResult(), Json)!;

    /// <summary>Writes a version: shards first, the manifest last. If anything fails, what was written is deleted.</summary>
    public CorpusManifest Write(string corpus, string version, IEnumerable<Document> documents, Func<long> skipped, Action<long> progress, CancellationToken stop)
    {
        var written = new List<string>();
        try
        {
            long count = 0, characters = 0, spans = 0, labelled = 0;
            using var shard = new MemoryStream();
            foreach (var document in documents)
            {
                stop.ThrowIfCancellationRequested();
                DocumentJson.Write(shard, document);
                count++;
                characters += document.Text.Length;
                spans += document.Spans.Count;
                labelled += document.HighRisk is null ? 0 : 1;
                if (shard.Length >= ShardBytes)
                {
                    Flush(shard);
                }

                progress(count);
            }

            Flush(shard);
            var manifest = new CorpusManifest
            {
                Shards = written.Count, Documents = count, Characters = characters, Spans = spans, Labelled = labelled, Skipped = skipped(),
            };
            store.WriteTextAsync(ArtefactNames.CorpusManifest(corpus, version), JsonSerializer.Serialize(manifest, Json), WriteCondition.None).GetAwaiter().GetResult();
            return manifest;

            void Flush(MemoryStream content)
            {
                if (content.Length == 0)
                {
                    return;
                }

                var name = ArtefactNames.CorpusShard(corpus, version, written.Count);
                content.Position = 0;
                written.Add(name);
                store.WriteAsync(name, content, WriteCondition.None, stop).GetAwaiter().GetResult();
                content.SetLength(0);
            }
        }
        catch
        {
            foreach (var name in written)
            {
                store.DeleteAsync(name).GetAwaiter().GetResult();
            }

            throw;
        }
    }
}
