using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>Writes a study's report of what is in the store: the same artefacts always give the same page.</summary>
internal sealed class StudyReports(IBlobStore store, IGrainFactory grains)
{
    /// <summary>Writes the report over the one that may be there.</summary>
    public async Task WriteAsync(StudyView study, CancellationToken cancellation) =>
        await store.WriteTextAsync(ArtefactNames.Report(study.Id), await RenderAsync(study, cancellation), WriteCondition.None, cancellation);

    /// <summary>The report of a completed study, made anew.</summary>
    /// <exception cref="LabException">There is no such study, it is not completed, or has no comparison.</exception>
    public async Task<string> OfCompletedAsync(string id, CancellationToken cancellation)
    {
        var study = await grains.GetGrain<IStudyGrain>(Identifiers.Ensure(id, "study")).GetAsync();
        EnsureCompleted(study);
        return await RenderAsync(study, cancellation);
    }

    /// <exception cref="LabException">There is no such study, or it is not completed.</exception>
    public static void EnsureCompleted(StudyView study)
    {
        if (study.Specification is null)
        {
            throw new LabException($"There is no study '{study.Id}'.");
        }

        if (study.Stage != StudyStage.Completed)
        {
            throw new LabException($"Study '{study.Id}' is {study.Stage.ToString().ToLowerInvariant()}; only a completed study can be exported.");
        }
    }

    /// <summary>Writes the report of a study whose comparison is in the store.</summary>
    /// <exception cref="LabException">It has no comparison.</exception>
    public async Task<string> RenderAsync(StudyView study, CancellationToken cancellation)
    {
        var specification = study.Specification ?? throw new LabException($"There is no study '{study.Id}'.");
        var json = await store.FindTextAsync(ArtefactNames.Comparison(study.Id), cancellation) ?? throw new LabException($"Study '{study.Id}' has no comparison in the store.");
        var comparison = ComparisonJson.Read(json);
        var lineage = ArchiveJson.Read<StudyLineage>(await StudyLineage.ReadOrMakeAsync(study, grains, store, cancellation), ArchiveEntries.Lineage);
        var audit = await store.FindTextAsync(ArtefactNames.Audit(study.Id), cancellation);
        var parts = new ReportParts
        {
            Description = specification.Description,
            Pictures = await LossPictures.OfAsync(comparison, specification.Training.Steps, store, cancellation),
            Prompts = await ReportGenerations.OfAsync(comparison, specification.Training, store, cancellation),
            Tables = [.. audit is null ? [] : new[] { AuditReport.ToTable(audit) }, .. lineage.ToTables()],
        };
        using var page = new StringWriter { NewLine = "\n" };
        ComparisonReport.WriteHtml(comparison, parts, page);
        return page.ToString();
    }
}
