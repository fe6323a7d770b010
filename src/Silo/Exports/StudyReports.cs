using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>Writes a study's report of what is in the store: the same artefacts always give the same page.</summary>
internal sealed class StudyReports(IBlobStore store)
{
    /// <summary>Writes the report over the one that may be there.</summary>
    public async Task WriteAsync(StudySpecification study, CancellationToken cancellation)
    {
        var comparison = ComparisonJson.Read(await store.ReadAllTextAsync(ArtefactNames.Comparison(study.Name), cancellation));
        using var page = new StringWriter { NewLine = "\n" };
        ComparisonReport.WriteHtml(comparison, await SectionsAsync(study.Name, cancellation), page);
        await store.WriteTextAsync(ArtefactNames.Report(study.Name), page.ToString(), WriteCondition.None, cancellation);
    }

    private async Task<IReadOnlyList<ReportTable>> SectionsAsync(string study, CancellationToken cancellation)
    {
        var name = ArtefactNames.Audit(study);
        return await store.GetInfoAsync(name, cancellation) is null ? [] : [AuditReport.ToTable(await store.ReadAllTextAsync(name, cancellation))];
    }
}
