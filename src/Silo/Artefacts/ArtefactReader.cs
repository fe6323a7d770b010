using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Artefacts;

/// <inheritdoc cref="IArtefactReader"/>
internal sealed class ArtefactReader(IBlobStore store, CorpusFiles corpora, ScoreHistograms scores) : IArtefactReader
{
    private const int MaximumPage = 200;

    public Task<string?> ReadTextAsync(string name, CancellationToken cancellation) => store.FindTextAsync(name, cancellation);

    public Task<ImmutableArray<MetricPoint>> ReadMetricsAsync(string run, long afterStep, CancellationToken cancellation) =>
        MetricSegments.ReadAsync(store, Identifiers.Ensure(run, "run"), afterStep, cancellation);

    public Task<ImmutableArray<MetricSegment>> ReadMetricSegmentsAsync(string run, CancellationToken cancellation) =>
        MetricSegments.ReadAllAsync(store, Identifiers.Ensure(run, "run"), cancellation);

    public async Task<ImmutableArray<CheckpointView>> ReadCheckpointsAsync(string run, CancellationToken cancellation)
    {
        var checkpoints = new CheckpointStore(store, ArtefactNames.Checkpoints(Identifiers.Ensure(run, "run")));
        return [.. (await checkpoints.ListAsync(cancellation)).OrderByDescending(checkpoint => checkpoint.Step).Select(ToView)];
    }

    public Task<DocumentPage> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            var version = await corpora.VersionOfAsync(query.Corpus);
            var documents = query.TaggingJob is { } job
                ? corpora.ReadTagged(query.Corpus, version, Identifiers.Ensure(job, "tagging job"))
                : corpora.Read(query.Corpus, version);
            var take = Math.Clamp(query.Take, 1, MaximumPage);
            var page = documents
                .Where(document => !query.OnlyWithSpans || document.Spans.Count > 0)
                .Skip(Math.Max(0, query.Skip))
                .Take(take + 1)
                .Select(document => DocumentViews.Of(document, RiskThresholds.Default))
                .ToList();
            return new DocumentPage([.. page.Take(take)], page.Count > take);
        },
        cancellation);

    public Task<ScoreHistogram?> ReadScoresAsync(string corpus, TaggerSpecification tagger, CancellationToken cancellation) =>
        scores.ReadAsync(corpus, tagger, cancellation);

    public Task<ImmutableDictionary<string, string>> ReadTextsAsync(string corpus, IReadOnlySet<string> ids, CancellationToken cancellation) => Task.Run(
        () => corpora.Find(corpus, ids, cancellation).ToImmutableDictionary(document => document.Id, document => document.Text, StringComparer.Ordinal), cancellation);

    private static CheckpointView ToView(CheckpointManifest manifest) =>
        new(
            manifest.Step, manifest.Epoch, manifest.Weights.Bytes + manifest.Moments.Bytes, manifest.Weights.Sha256, manifest.CreatedBy, manifest.SettingsHash,
            manifest.LossHistoryHash);
}
