using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Workers;

/// <summary>Scores the spans of a corpus version, shard by shard. A shard that is there is not made again: the job's name says what it depends on.</summary>
internal sealed class TagWork(CorpusFiles corpora, Taggers taggers, IBlobStore store, IGrainFactory grains) : IWork
{
    public WorkKind Kind => WorkKind.Tag;

    public WorkOutcome Run(WorkContext context)
    {
        var request = grains.GetGrain<ITaggingJobGrain>(context.Key).GetAsync().GetAwaiter().GetResult().Request
            ?? throw new LabException($"Tagging job '{context.Key}' has no request.");
        context.Report("preparing the tagger", 0, 0);
        var tagger = taggers.Create(request.Tagger);
        var manifest = corpora.ReadManifest(request.Corpus, request.Version);
        long documents = 0, spans = 0;
        for (var shard = 0; shard < manifest.Shards; shard++)
        {
            var name = ArtefactNames.TagShard(context.Key, shard);
            var made = store.GetInfoAsync(name).GetAwaiter().GetResult() is null;
            if (made)
            {
                if (context.Progress.From is null)
                {
                    context.GoOnFrom(documents, rewound: 0);
                }

                TagShard(context, request, tagger, shard, documents, manifest.Documents);
            }

            foreach (var tagged in corpora.ReadTags(context.Key, shard))
            {
                documents++;
                spans += tagged.Count;
            }

            context.Commit(documents);
        }

        return new WorkOutcome
        {
            State = WorkState.Completed,
            Artefact = context.Key,
            Numbers = ImmutableDictionary<string, double>.Empty.Add("documents", documents).Add("spans", spans),
            Names = ImmutableDictionary<string, string>.Empty.Add("tagger", tagger.Name).Add("tagger-fingerprint", tagger.Fingerprint),
        };
    }

    private void TagShard(WorkContext context, TaggingRequest request, ITagger tagger, int shard, long before, long total)
    {
        using var content = new MemoryStream();
        foreach (var document in corpora.ReadShard(request.Corpus, request.Version, shard))
        {
            context.Stop.ThrowIfCancellationRequested();
            TagJson.Write(content, tagger.Tag(document));
            context.Report("tagging", ++before, total);
        }

        content.Position = 0;
        store.WriteAsync(ArtefactNames.TagShard(context.Key, shard), content, WriteCondition.None, context.Stop).GetAwaiter().GetResult();
    }
}
