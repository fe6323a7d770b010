using System.Runtime.CompilerServices;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;

namespace SlungOrleans.Silo.Api;

/// <content>Corpora, tagging jobs and evaluations, and long lists read as far as they are wanted.</content>
internal sealed partial class LocalLab
{
    public async Task<ImmutableArray<CorpusView>> ListCorporaAsync(CancellationToken cancellation) =>
        [.. await Task.WhenAll((await ListCorpusNamesAsync()).Select(name => grains.GetGrain<ICorpusGrain>(name).GetAsync()))];

    /// <summary>Names of corpora, in order.</summary>
    public async Task<ImmutableArray<string>> ListCorpusNamesAsync() => await grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListCorporaAsync();

    public async Task<CorpusView> GetCorpusAsync(string corpus, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<ICorpusGrain>(Ensure(corpus, "corpus")).GetAsync();
        return view.Specification is null ? throw RequestFault.Missing($"There is no corpus '{corpus}'.") : view;
    }

    public async Task<CorpusView> ImportAsync(CorpusSpecification specification, CancellationToken cancellation)
    {
        var corpus = grains.GetGrain<ICorpusGrain>(Ensure(specification.Name, "corpus"));
        CheckSource(specification);
        if ((await corpus.GetAsync()).Version.Length > 0)
        {
            throw RequestFault.Conflict($"There is a corpus '{specification.Name}' already; choose another name.");
        }

        await audit.DoAsync(who, "import", "corpus", specification.Name, () => corpus.ImportAsync(specification, null));
        return await corpus.GetAsync();
    }

    /// <summary>A page of a corpus' documents.</summary>
    public async Task<DocumentPage> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellation)
    {
        var corpus = await GetCorpusAsync(query.Corpus, cancellation);
        if (corpus.Version.Length == 0)
        {
            throw RequestFault.Conflict($"Corpus '{query.Corpus}' has not been imported yet.");
        }

        if (query.TaggingJob is { } job && !corpus.TaggingJobs.Contains(Ensure(job, "taggingJob")))
        {
            throw RequestFault.Missing($"Corpus '{query.Corpus}' has no complete tagging job '{job}'.");
        }

        return await artefacts.ReadDocumentsAsync(query, cancellation);
    }

    /// <summary>Runs of all studies, or of one, in the order of studies, with the key of each. What comes before a key is not read.</summary>
    public async IAsyncEnumerable<(string Key, StudyView Study, RunSummary Run)> RunsAsync(
        string? only, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (only is not null)
        {
            await GetStudyAsync(only, cancellation);
        }

        foreach (var study in await ListStudiesAsync(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var prefix = KeyOf(study);
            if ((only is not null && study.Id != only) || IsBefore(prefix, after))
            {
                continue;
            }

            var view = await grains.GetGrain<IStudyGrain>(study.Id).GetAsync();
            for (var index = 0; index < view.Runs.Length; index++)
            {
                yield return ($"{prefix}{index:D6}/", view, view.Runs[index]);
            }
        }
    }

    /// <summary>Evaluations of all studies, of one, or of one run, in the order of runs, with the key of each. None where the run is another study's.</summary>
    public async IAsyncEnumerable<(string Key, EvaluationView Evaluation)> EvaluationsAsync(
        string? study, string? run, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (run is not null)
        {
            var its = (await GetRunAsync(run, cancellation)).Specification!.Study;
            if (study is not null && study != its)
            {
                await GetStudyAsync(study, cancellation);
                yield break;
            }

            study = its;
        }

        await foreach (var (prefix, view, summary) in RunsAsync(study, after, cancellation))
        {
            if ((run is not null && summary.Id != run) || IsBefore(prefix, after))
            {
                continue;
            }

            var index = 0;
            foreach (var suite in SuiteNames.All)
            {
                var id = Identifiers.ForEvaluation(summary.Id, suite, view.Specification!.Training);
                var evaluation = await grains.GetGrain<IEvaluationGrain>(id).GetAsync();
                if (evaluation.Request is not null)
                {
                    yield return ($"{prefix}{index:D2}", evaluation);
                }

                index++;
            }
        }
    }

    /// <summary>An evaluation that there is.</summary>
    public async Task<EvaluationView> GetEvaluationAsync(string evaluation)
    {
        var view = await grains.GetGrain<IEvaluationGrain>(Ensure(evaluation, "evaluation")).GetAsync();
        return view.Request is null ? throw RequestFault.Missing($"There is no evaluation '{evaluation}'.") : view;
    }

    /// <summary>Does something to an evaluation.</summary>
    public async Task<EvaluationView> ActOnEvaluationAsync(WorkAction action, string evaluation)
    {
        await GetEvaluationAsync(evaluation);
        var grain = grains.GetGrain<IEvaluationGrain>(evaluation);
        return await RecordAsync(NameOf(action), "evaluation", evaluation, () => action switch
        {
            WorkAction.Pause => grain.PauseAsync(),
            WorkAction.Resume => grain.ResumeAsync(),
            WorkAction.Cancel => grain.CancelAsync(),
            _ => grain.RetryAsync(),
        });
    }

    /// <summary>What an evaluation measured.</summary>
    public async Task<SuiteResult> ReadResultAsync(string evaluation, CancellationToken cancellation)
    {
        await GetEvaluationAsync(evaluation);
        return await artefacts.ReadTextAsync(ArtefactNames.Evaluation(evaluation), cancellation) is { } json
            ? SuiteJson.Read(json)
            : throw RequestFault.Conflict($"Evaluation '{evaluation}' is not completed; it has no examples yet.");
    }

    /// <summary>A tagging job that there is.</summary>
    public async Task<TaggingView> GetTaggingJobAsync(string job)
    {
        var view = await grains.GetGrain<ITaggingJobGrain>(Ensure(job, "tagging job")).GetAsync();
        return view.Request is null ? throw RequestFault.Missing($"There is no tagging job '{job}'.") : view;
    }

    /// <summary>Ids of tagging jobs, in order: of all corpora, or of one.</summary>
    public async Task<ImmutableArray<string>> ListTaggingJobsAsync(string? corpus, CancellationToken cancellation)
    {
        if (corpus is not null)
        {
            await GetCorpusAsync(corpus, cancellation);
        }

        // Jobs that were complete before the catalog knew of jobs are known to their corpora.
        var known = await grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListTaggingJobsAsync();
        var complete = await Task.WhenAll((corpus is null ? await ListCorpusNamesAsync() : [corpus]).Select(name => grains.GetGrain<ICorpusGrain>(name).GetAsync()));
        return
        [
            .. known.Where(job => corpus is null || job.Corpus == corpus).Select(job => job.Id)
                .Union(complete.SelectMany(view => view.TaggingJobs))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Workers, leases and queue.</summary>
    public Task<DevicePoolView> GetPoolAsync() => grains.GetGrain<IDevicePoolGrain>(Identifiers.Default).GetAsync();

    /// <summary>Moves work within the queue.</summary>
    public Task MoveAsync(WorkTicket ticket, WorkTicket? before) =>
        audit.DoAsync(who, "move", NameOf(ticket.Kind), ticket.Key, () => grains.GetGrain<IDevicePoolGrain>(Identifiers.Default).MoveAsync(ticket, before));

    private static string NameOf(WorkKind kind) => kind switch
    {
        WorkKind.Import => "corpus",
        WorkKind.Tag => "tagging job",
        WorkKind.Train => "run",
        WorkKind.Evaluate => "evaluation",
        _ => "study",
    };

    private static void CheckSource(CorpusSpecification specification)
    {
        if (specification.Path is null)
        {
            throw RequestFault.Invalid($"path: corpus '{specification.Name}' has none; the file to read is expected.");
        }

        if (specification.Synthetic is not null)
        {
            throw RequestFault.Invalid("synthetic: a corpus with a path is expected; a synthetic one comes with the study that names it.");
        }

        try
        {
            CorpusMapping.ToSource(specification);
        }
        catch (LabException exception)
        {
            throw RequestFault.Invalid(exception.Message);
        }
    }

    // Everything whose key begins with the prefix is before the key.
    private static bool IsBefore(string prefix, string? key) =>
        key is not null && !key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(prefix, key) < 0;
}
