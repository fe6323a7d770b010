using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;
using SlungOrleans.Grains;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Artefacts;

/// <inheritdoc cref="IStudyDocuments"/>
internal sealed class StudyDocuments(CorpusFiles corpora, IBlobStore store, IGrainFactory grains) : IStudyDocuments
{
    private const int MaximumPage = 50;

    public async Task<DocumentPage> FindAsync(StudyDocumentQuery query, CancellationToken cancellation)
    {
        var study = await SpecificationOfAsync(query.Study);
        return await Task.Run(
            () =>
            {
                var thresholds = CorpusMapping.ToThresholds(study.Data);
                var take = Math.Clamp(query.Take, 1, MaximumPage);
                var found = new List<DocumentView>();
                var skip = Math.Max(0, query.Skip);
                foreach (var document in Read(study, query.Base).Where(document => Fits(document, query, thresholds)))
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (skip-- <= 0)
                    {
                        found.Add(DocumentViews.Of(document, thresholds));
                    }

                    if (found.Count > take)
                    {
                        break;
                    }
                }

                return new DocumentPage([.. found.Take(take)], found.Count > take);
            },
            cancellation);
    }

    public async Task<ImmutableArray<DocumentView>> ReadPromptsAsync(string study, int most, CancellationToken cancellation)
    {
        var specification = await SpecificationOfAsync(study);
        try
        {
            return await Task.Run<ImmutableArray<DocumentView>>(
                () =>
                [
                    .. Prompts(specification)
                        .GroupBy(prompt => prompt.Kind ?? "", StringComparer.Ordinal)
                        .OrderByDescending(kind => kind.Key, StringComparer.Ordinal)
                        .SelectMany(kind => kind.Take(most))
                        .Select(prompt => DocumentViews.Of(prompt, RiskThresholds.Default)),
                ],
                cancellation);
        }
        catch (BlobNotFoundException)
        {
            throw new LabException($"Study '{study}' has no prompts yet: they are cut from its held-out documents when it is prepared.");
        }
    }

    public Task<ImmutableArray<DocumentView>> ReadAsync(string corpus, ImmutableHashSet<string> ids, CancellationToken cancellation) => Task.Run<ImmutableArray<DocumentView>>(
        () => [.. corpora.Find(corpus, ids, cancellation).Select(document => DocumentViews.Of(document, RiskThresholds.Default))], cancellation);

    /// <summary>The prompts of a study's generation suite: those of its corpora, else what is cut from held-out documents.</summary>
    public IReadOnlyList<Document> Prompts(StudySpecification study) => study.Evaluation.Prompts.IsEmpty
        ? HeldOutPrompts.Cut(
            ReadHeldOut(ArtefactNames.HeldOutBase(study.Name)), ReadHeldOut(ArtefactNames.HeldOutHighRisk(study.Name)), CorpusMapping.ToThresholds(study.Data))
        : [.. corpora.ReadNewest(study.Evaluation.Prompts)];

    /// <summary>Documents that no arm trains on, as the study's preparation wrote them.</summary>
    public List<Document> ReadHeldOut(string name)
    {
        using var stream = store.OpenReadAsync(name).GetAwaiter().GetResult();
        return [.. DocumentJson.Read(stream, name)];
    }

    /// <summary>A document of a study's text, and whether it is of the pool.</summary>
    /// <exception cref="LabException">There is none of that id.</exception>
    public (Document Document, bool Pool) Find(StudySpecification study, string id)
    {
        foreach (var pool in new[] { true, false })
        {
            if (Read(study, !pool).FirstOrDefault(document => document.Id == id) is { } found)
            {
                return (found, pool);
            }
        }

        throw new LabException($"Study '{study.Name}' has no document '{id}'.");
    }

    /// <summary>Whether no arm trains on a document.</summary>
    public bool IsHeldOut(StudySpecification study, string id, bool pool) =>
        ReadHeldOut(pool ? ArtefactNames.HeldOutHighRisk(study.Name) : ArtefactNames.HeldOutBase(study.Name)).Exists(document => document.Id == id);

    /// <exception cref="LabException">There is no such study.</exception>
    public async Task<StudySpecification> SpecificationOfAsync(string study)
    {
        Identifiers.Ensure(study, "study");
        return (await grains.GetGrain<IStudyGrain>(study).GetAsync()).Specification ?? throw new LabException($"There is no study '{study}'.");
    }

    private IEnumerable<Document> Read(StudySpecification study, bool baseText) => baseText
        ? study.Data.Base.SelectMany(name => corpora.Read(name, VersionOf(name)).Select(document => CorpusFiles.Qualify(name, document) with { Spans = [] }))
        : study.Data.HighRisk.SelectMany(name => ReadPool(name, study.Data.Tagger).Select(document => CorpusFiles.Qualify(name, document)));

    private IEnumerable<Document> ReadPool(string corpus, TaggerSpecification tagger)
    {
        var version = VersionOf(corpus);
        var job = TaggingJobs.IdFor(corpus, version, tagger);
        return grains.GetGrain<ITaggingJobGrain>(job).GetAsync().GetAwaiter().GetResult().Work.State == WorkState.Completed
            ? corpora.ReadTagged(corpus, version, job)
            : throw new LabException($"Corpus '{corpus}' is not tagged yet.");
    }

    private string VersionOf(string corpus) => corpora.VersionOfAsync(corpus).GetAwaiter().GetResult();

    private static bool Fits(Document document, StudyDocumentQuery query, RiskThresholds thresholds) =>
        (!query.OnlyHighRisk || query.Base || document.Spans.Any(span => thresholds.LabelOf(span.Score) == RiskLabel.HighRisk))
        && (string.IsNullOrEmpty(query.Search)
            || document.Text.Contains(query.Search, StringComparison.OrdinalIgnoreCase)
            || document.Id.Contains(query.Search, StringComparison.OrdinalIgnoreCase));
}
