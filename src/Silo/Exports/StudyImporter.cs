using System.Runtime.CompilerServices;
using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>
/// Takes a study in from an archive. First all of it is read and verified; then its artefacts are written, its evaluations and runs registered,
/// and last the study: without it nothing of the rest is to be seen, and the same import can be made again. Artefacts of an import that fails are
/// deleted, unless the study is registered all the same.
/// </summary>
internal sealed partial class StudyImporter(IBlobStore store, IGrainFactory grains, StudyReports reports, TimeProvider time, ILogger<StudyImporter> logger) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Imports.</summary>
    /// <param name="file">The archive; it can seek.</param>
    /// <param name="name">The name of its file.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="cancellation">Cancels the import; what it has written is deleted.</param>
    /// <returns>The study's id.</returns>
    /// <exception cref="LabException">What is wrong with the archive, or the name is taken; nothing was written.</exception>
    public async Task<string> ImportAsync(Stream file, string name, ArchiveLimits limits, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            await using var archive = await StudyArchive.OpenAsync(file, limits, cancellation);
            var content = await ArchiveContent.ReadAsync(archive, cancellation);
            await EnsureNamesAreFreeAsync(content, archive.Hash);
            var origin = new StudyOrigin { Lab = archive.Manifest.Lab, Archive = archive.Hash, File = name, Imported = time.GetUtcNow() };
            await WriteAsync(archive, content, content.Study.ToView(content.Specification, origin), cancellation);
            return content.Specification.Name;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task EnsureNamesAreFreeAsync(ArchiveContent content, string archive)
    {
        var name = content.Specification.Name;
        var study = await grains.GetGrain<IStudyGrain>(name).GetAsync();
        if (study.Specification is not null && (study.Origin?.Archive != archive || await IsListedAsync(name)))
        {
            throw new LabException($"There is a study '{name}' already ({study.Stage.ToString().ToLowerInvariant()}); a study is imported under its own name, into a lab that has none of it.");
        }

        foreach (var run in content.Runs)
        {
            // Of the same study: what an interrupted import has left.
            if ((await grains.GetGrain<ITrainingRunGrain>(run.Id).GetAsync()).Specification is { } known && known.Study != name)
            {
                throw new LabException($"There is a run '{run.Id}' of study '{known.Study}' already; a study is imported under its own name, into a lab that has none of it.");
            }
        }
    }

    /// <summary>A study from the same archive that is in no list is what an interrupted import has left.</summary>
    private async Task<bool> IsListedAsync(string study) =>
        (await grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync()).Any(known => known.Id == study);

    private async Task WriteAsync(StudyArchive archive, ArchiveContent content, StudyView study, CancellationToken cancellation)
    {
        var written = new List<string>();
        try
        {
            await foreach (var (name, artefact) in ArtefactsAsync(archive, content, cancellation))
            {
                written.Add(name);
                await store.WriteBytesAsync(name, artefact, WriteCondition.None, cancellation);
            }

            // Made here of the same figures, never taken from the archive: a page of this lab shows no markup that came from elsewhere.
            written.Add(ArtefactNames.Report(study.Id));
            await reports.WriteAsync(study, cancellation);
            await RegisterAsync(content, study);
        }
        catch (Exception exception)
        {
            await UndoAsync(study, written, exception);
            throw;
        }
    }

    private async Task UndoAsync(StudyView study, List<string> written, Exception reason)
    {
        try
        {
            // The answer may be all that was lost: what is registered keeps its artefacts.
            if ((await grains.GetGrain<IStudyGrain>(study.Id).GetAsync()).Origin?.Archive == study.Origin!.Archive)
            {
                LogRegistered(logger, reason, study.Id);
                return;
            }

            foreach (var name in Enumerable.Reverse(written))
            {
                await store.DeleteAsync(name, CancellationToken.None);
            }

            LogUndone(logger, reason, study.Id, written.Count);
        }
        catch (Exception exception)
        {
            // Whoever imports is told the reason; the same import, made again, writes over what is left.
            LogLeft(logger, exception, study.Id);
        }
    }

    private async IAsyncEnumerable<(string Name, byte[] Content)> ArtefactsAsync(
        StudyArchive archive, ArchiveContent content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var artefact in content.Artefacts)
        {
            yield return artefact;
        }

        foreach (var run in content.Runs)
        {
            // An import that a crash interrupted may have left others.
            await foreach (var left in store.ListAsync($"{ArtefactNames.Metrics(run.Id)}/", cancellation))
            {
                await store.DeleteAsync(left.Name, cancellation);
            }

            using var metrics = await archive.OpenAsync(ArchiveEntries.Metrics(run.Id), cancellation);
            foreach (var attempt in MetricCsv.Read(metrics, ArchiveEntries.Metrics(run.Id)).GroupBy(point => point.Epoch))
            {
                yield return (MetricSegments.NameOf(run.Id, attempt.Key, attempt.First().Step), MetricSegments.Serialise(attempt));
            }
        }

        foreach (var evaluation in content.Evaluations)
        {
            if (await ArchiveContent.ReadResultAsync(archive, evaluation.Id, cancellation) is { } result)
            {
                yield return (ArtefactNames.Evaluation(evaluation.Id), Encoding.UTF8.GetBytes(SuiteJson.Write(result)));
            }
        }
    }

    private async Task RegisterAsync(ArchiveContent content, StudyView study)
    {
        await Task.WhenAll(content.Evaluations.Select(evaluation => grains.GetGrain<IEvaluationGrain>(evaluation.Id).ImportAsync(evaluation)));
        await Task.WhenAll(content.Runs.Select(run => grains.GetGrain<ITrainingRunGrain>(run.Id).ImportAsync(run)));
        await grains.GetGrain<IStudyGrain>(study.Id).ImportAsync(study);
    }

    [LoggerMessage(LogLevel.Warning, "The import of study {Study} failed, and was undone: {Artefacts} artefacts are deleted.")]
    private static partial void LogUndone(ILogger logger, Exception exception, string study, int artefacts);

    [LoggerMessage(LogLevel.Warning, "The import of study {Study} failed after the study was registered; it stays.")]
    private static partial void LogRegistered(ILogger logger, Exception exception, string study);

    [LoggerMessage(LogLevel.Error, "The import of study {Study} failed and could not be undone; what it has written is written over when it is made again.")]
    private static partial void LogLeft(ILogger logger, Exception exception, string study);
}
