using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>Packs a completed study into an archive.</summary>
internal sealed class StudyExporter(IBlobStore store, IGrainFactory grains, StudyReports reports)
{
    private const string Explanation = """
        A study of SlungOrleans. `study import FILE` takes it into another lab, where it can be viewed, compared and exported again.

        report.html                 everything to read, opens offline
        specification.yaml, .json   what was asked for (both the same)
        study.json                  when it ran, its verdicts, its preparation
        lineage.json                what it was made of, by hashes: corpora, tags, tokenizer, data sets, settings, code, weights, results
        plan.json                   which data set every arm, seed and amount has
        audit/                      whether the arms are matched
        comparison/                 means, intervals and tests: as JSON, and as tables
        runs/ID/run.json            a run: specification, attempts, certificate in brief
        runs/ID/metrics.csv         every point of every attempt; where a later attempt made a step again, that of the later one counts
        runs/ID/certificate.json    the resume certificate, if the run was verified
        evaluations/ID/             a suite over a run: the work, its figures, and every item (scores, generations) as JSON lines
        manifest.json               every entry with its length and SHA-256

        Generations can hold text that hurts.

        """;

    /// <summary>Writes the archive.</summary>
    /// <exception cref="LabException">There is no such study, it is not completed, or what it has made is not in the store.</exception>
    public async Task WriteAsync(string id, Stream target, CancellationToken cancellation)
    {
        var study = await grains.GetGrain<IStudyGrain>(Identifiers.Ensure(id, "study")).GetAsync();
        var specification = study.Specification ?? throw new LabException($"There is no study '{id}'.");
        StudyReports.EnsureCompleted(study);
        var comparison = await store.FindTextAsync(ArtefactNames.Comparison(id), cancellation) ?? throw new LabException($"Study '{id}' has no comparison in the store.");
        await using var archive = await ArchiveWriter.CreateAsync(target, cancellation);
        await archive.AddAsync(ArchiveEntries.Explanation, Explanation, cancellation);
        await archive.AddAsync(ArchiveEntries.SpecificationYaml, StudyYaml.Write(specification), cancellation);
        await archive.AddAsync(ArchiveEntries.Specification, ArchiveJson.Write(specification), cancellation);
        await archive.AddAsync(ArchiveEntries.Study, ArchiveJson.Write(ArchivedStudy.Of(study)), cancellation);
        await archive.AddAsync(ArchiveEntries.Lineage, await StudyLineage.ReadOrMakeAsync(study, grains, store, cancellation), cancellation);
        await AddArtefactAsync(archive, ArchiveEntries.Plan, ArtefactNames.Plan(id), cancellation);
        if (await store.FindTextAsync(ArtefactNames.Audit(id), cancellation) is { } audit)
        {
            await archive.AddAsync(ArchiveEntries.Audit, audit, cancellation);
            await archive.AddAsync(ArchiveEntries.AuditTable, ToCsv(AuditReport.ToTable(audit)), cancellation);
        }

        var compared = ComparisonJson.Read(comparison);
        await archive.AddAsync(ArchiveEntries.Comparison, comparison, cancellation);
        await archive.AddAsync(ArchiveEntries.Summaries, ComparisonCsv.Summaries(compared), cancellation);
        await archive.AddAsync(ArchiveEntries.Differences, ComparisonCsv.Differences(compared), cancellation);
        await archive.AddAsync(ArchiveEntries.Scores, ComparisonCsv.Scores(compared), cancellation);
        await archive.AddAsync(ArchiveEntries.Report, await reports.RenderAsync(study, cancellation), cancellation);
        foreach (var run in ArchiveEntries.RunsOf(specification))
        {
            await AddRunAsync(archive, specification, run, cancellation);
        }

        await archive.EndAsync(id, study.Origin?.Lab ?? LabVersion.Text, cancellation);
    }

    private async Task AddRunAsync(ArchiveWriter archive, StudySpecification study, string id, CancellationToken cancellation)
    {
        var run = await grains.GetGrain<ITrainingRunGrain>(id).GetAsync();
        await archive.AddAsync(ArchiveEntries.Run(id), ArchiveJson.Write(run), cancellation);
        await archive.AddAsync(ArchiveEntries.Metrics(id), MetricCsv.Write((await MetricSegments.ReadAllAsync(store, id, cancellation)).SelectMany(segment => segment.Points)), cancellation);
        await AddArtefactAsync(archive, ArchiveEntries.Certificate(id), ArtefactNames.Certificate(id), cancellation);
        foreach (var evaluation in ArchiveEntries.EvaluationsOf(id, study.Training))
        {
            await AddEvaluationAsync(archive, evaluation, cancellation);
        }
    }

    private async Task AddEvaluationAsync(ArchiveWriter archive, string id, CancellationToken cancellation)
    {
        var evaluation = await grains.GetGrain<IEvaluationGrain>(id).GetAsync();
        if (evaluation.Request is null)
        {
            return;
        }

        await archive.AddAsync(ArchiveEntries.Evaluation(id), ArchiveJson.Write(evaluation), cancellation);
        if (await store.FindTextAsync(ArtefactNames.Evaluation(id), cancellation) is not { } json)
        {
            return;
        }

        var result = SuiteJson.Read(json);
        var items = new StringBuilder();
        foreach (var item in result.Items)
        {
            items.Append(SuiteJson.WriteItem(item)).Append('\n');
        }

        await archive.AddAsync(ArchiveEntries.Result(id), SuiteJson.Write(result with { Items = [] }), cancellation);
        await archive.AddAsync(ArchiveEntries.Items(id), items.ToString(), cancellation);
    }

    private async Task AddArtefactAsync(ArchiveWriter archive, string entry, string artefact, CancellationToken cancellation)
    {
        if (await store.GetInfoAsync(artefact, cancellation) is not null)
        {
            await archive.AddAsync(entry, await store.OpenReadAsync(artefact, cancellation), cancellation);
        }
    }

    private static string ToCsv(ReportTable table)
    {
        var csv = new CsvTable([.. table.Columns]);
        foreach (var row in table.Rows)
        {
            foreach (var cell in row)
            {
                csv.Text(cell);
            }

            csv.EndRow();
        }

        return csv.ToString();
    }
}
