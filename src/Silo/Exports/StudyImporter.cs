using System.Text.RegularExpressions;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>
/// Takes a study in from an archive. First all of it is read and verified; then its artefacts are written, its evaluations and runs registered,
/// and last the study: without it nothing of the rest is to be seen, and the same import can be made again.
/// </summary>
internal sealed partial class StudyImporter(IBlobStore store, IGrainFactory grains, StudyReports reports, TimeProvider time)
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Imports.</summary>
    /// <returns>The study's id.</returns>
    /// <exception cref="LabException">What is wrong with the archive, or the name is taken; nothing was written.</exception>
    public async Task<string> ImportAsync(Stream file, ArchiveLimits limits, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            await using var archive = await StudyArchive.OpenAsync(file, limits, cancellation);
            var content = await ArchiveContent.ReadAsync(archive, cancellation);
            await EnsureNamesAreFreeAsync(content);
            await VerifyWeightsAsync(archive, content, cancellation);
            await WriteArtefactsAsync(archive, content, cancellation);
            await RegisterAsync(archive, content);
            return content.Specification.Name;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task EnsureNamesAreFreeAsync(ArchiveContent content)
    {
        var name = content.Specification.Name;
        var study = await grains.GetGrain<IStudyGrain>(name).GetAsync();
        if (study.Specification is not null)
        {
            throw new LabException($"There is a study '{name}' already ({study.Stage.ToString().ToLowerInvariant()}); a study is imported under its own name, into a lab that has none of it.");
        }

        foreach (var run in content.Runs)
        {
            // Of the same study: what an interrupted import has left.
            if ((await grains.GetGrain<ITrainingRunGrain>(run.Id).GetAsync()).Specification is { } known && known.Study != name)
            {
                throw new LabException($"There is a run '{run.Id}' of study '{known.Study}' already.");
            }
        }
    }

    private static async Task VerifyWeightsAsync(StudyArchive archive, ArchiveContent content, CancellationToken cancellation)
    {
        var hash = TokenizerOf(content);
        var entry = ArchiveEntries.Tokenizer(hash);
        if (!archive.Has(entry))
        {
            return;
        }

        await using var stream = await archive.OpenAsync(entry, cancellation);
        if (!Hash().IsMatch(hash) || BytePairTokenizer.Load(stream).Fingerprint != hash)
        {
            throw new LabException($"The archive's entry '{entry}' is another tokenizer than the one that it is named after.");
        }
    }

    private async Task WriteArtefactsAsync(StudyArchive archive, ArchiveContent content, CancellationToken cancellation)
    {
        foreach (var (name, artefact) in content.Artefacts)
        {
            await store.WriteBytesAsync(name, artefact, WriteCondition.None, cancellation);
        }

        if (archive.Has(ArchiveEntries.Tokenizer(TokenizerOf(content))))
        {
            await CopyAsync(archive, ArchiveEntries.Tokenizer(TokenizerOf(content)), ArtefactNames.Tokenizer(TokenizerOf(content)), cancellation);
        }

        foreach (var run in content.Runs)
        {
            await WriteMetricsAsync(archive, run.Id, cancellation);
            if (archive.Has(ArchiveEntries.Weights(run.Id)))
            {
                await CopyAsync(archive, ArchiveEntries.Weights(run.Id), ArtefactNames.ImportedWeights(run.Id), cancellation);
            }
        }

        foreach (var evaluation in content.Evaluations)
        {
            if (await ArchiveContent.ReadResultAsync(archive, evaluation.Id, cancellation) is { } result)
            {
                await store.WriteTextAsync(ArtefactNames.Evaluation(evaluation.Id), SuiteJson.Write(result), WriteCondition.None, cancellation);
            }
        }

        // Made here of the same figures, never taken from the archive: a page of this lab shows no markup that came from elsewhere.
        await reports.WriteAsync(content.Specification, cancellation);
    }

    private async Task WriteMetricsAsync(StudyArchive archive, string run, CancellationToken cancellation)
    {
        // An import that was interrupted may have left others.
        await foreach (var left in store.ListAsync($"{ArtefactNames.Metrics(run)}/", cancellation))
        {
            await store.DeleteAsync(left.Name, cancellation);
        }

        using var metrics = await archive.OpenAsync(ArchiveEntries.Metrics(run), cancellation);
        foreach (var attempt in MetricCsv.Read(metrics, ArchiveEntries.Metrics(run)).GroupBy(point => point.Epoch))
        {
            var name = MetricSegments.NameOf(run, attempt.Key, attempt.First().Step);
            await store.WriteBytesAsync(name, MetricSegments.Serialise(attempt), WriteCondition.None, cancellation);
        }
    }

    private async Task RegisterAsync(StudyArchive archive, ArchiveContent content)
    {
        foreach (var evaluation in content.Evaluations)
        {
            await grains.GetGrain<IEvaluationGrain>(evaluation.Id).ImportAsync(evaluation);
        }

        foreach (var run in content.Runs)
        {
            await grains.GetGrain<ITrainingRunGrain>(run.Id).ImportAsync(run);
        }

        var origin = new StudyOrigin { Lab = archive.Manifest.Lab, Archive = archive.Hash, Imported = time.GetUtcNow() };
        await grains.GetGrain<IStudyGrain>(content.Specification.Name).ImportAsync(content.Study.ToView(content.Specification, origin));
    }

    private async Task CopyAsync(StudyArchive archive, string entry, string artefact, CancellationToken cancellation)
    {
        await using var content = await archive.OpenAsync(entry, cancellation);
        await store.WriteAsync(artefact, content, WriteCondition.None, cancellation);
    }

    private static string TokenizerOf(ArchiveContent content) => content.Study.Preparation.Names.GetValueOrDefault(ArtefactNames.TokenizerKey, "");

    [GeneratedRegex(@"^[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
