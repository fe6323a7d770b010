using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Exports;

/// <summary>Packs a completed study into an archive.</summary>
internal sealed class StudyExporter(IBlobStore store, IGrainFactory grains)
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
        runs/ID/metrics.csv         every step once; where a later attempt made a step again, that of the later one
        runs/ID/certificate.json    the resume certificate, if the run was verified
        runs/ID/model.safetensors   the weights of the last checkpoint, if they were asked for
        tokenizers/                 the tokenizer, with the weights
        evaluations/ID/             a suite over a run: the work, its figures, and every item (scores, generations) as JSON lines
        manifest.json               every entry with its length and SHA-256

        Generations can hold text that hurts.

        """;

    /// <summary>Writes the archive.</summary>
    /// <exception cref="LabException">There is no such study, it is not completed, or a run has no weights though they are asked for.</exception>
    public async Task WriteAsync(string id, bool withWeights, Stream target, CancellationToken cancellation)
    {
        var study = await grains.GetGrain<IStudyGrain>(Identifiers.Ensure(id, "study")).GetAsync();
        var specification = study.Specification ?? throw new LabException($"There is no study '{id}'.");
        if (study.Stage != StudyStage.Completed)
        {
            throw new LabException($"Study '{id}' is {study.Stage.ToString().ToLowerInvariant()}; only a completed study can be exported.");
        }

        var comparison = await ReadAsync(ArtefactNames.Comparison(id), cancellation) ?? throw new LabException($"Study '{id}' has no comparison in the store.");
        var report = await ReadAsync(ArtefactNames.Report(id), cancellation) ?? throw new LabException($"Study '{id}' has no report in the store.");
        await using var archive = await ArchiveWriter.CreateAsync(target, cancellation);
        await archive.AddAsync(ArchiveEntries.Explanation, Explanation, cancellation);
        await archive.AddAsync(ArchiveEntries.SpecificationYaml, StudyYaml.Write(specification), cancellation);
        await archive.AddAsync(ArchiveEntries.Specification, ArchiveJson.Write(specification), cancellation);
        await archive.AddAsync(ArchiveEntries.Study, ArchiveJson.Write(ArchivedStudy.Of(study)), cancellation);
        await archive.AddAsync(ArchiveEntries.Lineage, await LineageAsync(study, cancellation), cancellation);
        await AddArtefactAsync(archive, ArchiveEntries.Plan, ArtefactNames.Plan(id), cancellation);
        if (await ReadAsync(ArtefactNames.Audit(id), cancellation) is { } audit)
        {
            await archive.AddAsync(ArchiveEntries.Audit, audit, cancellation);
            await archive.AddAsync(ArchiveEntries.AuditTable, ToCsv(AuditReport.ToTable(audit)), cancellation);
        }

        var compared = ComparisonJson.Read(comparison);
        await archive.AddAsync(ArchiveEntries.Comparison, comparison, cancellation);
        await archive.AddAsync(ArchiveEntries.Summaries, ComparisonCsv.Summaries(compared), cancellation);
        await archive.AddAsync(ArchiveEntries.Differences, ComparisonCsv.Differences(compared), cancellation);
        await archive.AddAsync(ArchiveEntries.Scores, ComparisonCsv.Scores(compared), cancellation);
        await archive.AddAsync(ArchiveEntries.Report, report, cancellation);
        if (withWeights)
        {
            var tokenizer = study.Preparation.Names.GetValueOrDefault(ArtefactNames.TokenizerKey, "");
            await AddWeightAsync(archive, ArchiveEntries.Tokenizer(tokenizer), ArtefactNames.Tokenizer(tokenizer), $"Study '{id}' has no tokenizer in the store", cancellation);
        }

        foreach (var run in ArchiveEntries.RunsOf(specification))
        {
            await AddRunAsync(archive, specification, run, withWeights, cancellation);
        }

        await archive.EndAsync(id, study.Origin?.Lab ?? LabVersion.Text, cancellation);
    }

    private async Task AddRunAsync(ArchiveWriter archive, StudySpecification study, string id, bool withWeights, CancellationToken cancellation)
    {
        var run = await grains.GetGrain<ITrainingRunGrain>(id).GetAsync();
        await archive.AddAsync(ArchiveEntries.Run(id), ArchiveJson.Write(run), cancellation);
        await archive.AddAsync(ArchiveEntries.Metrics(id), MetricCsv.Write(await MetricSegments.ReadAsync(store, id, 0, cancellation)), cancellation);
        await AddArtefactAsync(archive, ArchiveEntries.Certificate(id), ArtefactNames.Certificate(id), cancellation);
        if (withWeights && run.Training.State == WorkState.Completed)
        {
            var checkpoints = await new CheckpointStore(store, ArtefactNames.Checkpoints(id)).ListAsync(cancellation);
            var weights = checkpoints.MaxBy(checkpoint => checkpoint.Step)?.Weights.Name ?? ArtefactNames.ImportedWeights(id);
            await AddWeightAsync(archive, ArchiveEntries.Weights(id), weights, $"Run '{id}' has no weights in the store", cancellation);
        }

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
        if (await ReadAsync(ArtefactNames.Evaluation(id), cancellation) is not { } json)
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

    /// <summary>As it was noted when the comparison was made; a study of an earlier version, which noted none, is asked now.</summary>
    private async Task<byte[]> LineageAsync(StudyView study, CancellationToken cancellation) =>
        await store.GetInfoAsync(ArtefactNames.Lineage(study.Id), cancellation) is null
            ? ArchiveJson.Write(await StudyLineage.OfAsync(study, grains, store, cancellation))
            : await store.ReadAllBytesAsync(ArtefactNames.Lineage(study.Id), cancellation);

    private async Task AddArtefactAsync(ArchiveWriter archive, string entry, string artefact, CancellationToken cancellation)
    {
        if (await store.GetInfoAsync(artefact, cancellation) is not null)
        {
            await archive.AddAsync(entry, await store.OpenReadAsync(artefact, cancellation), cancellation);
        }
    }

    private async Task AddWeightAsync(ArchiveWriter archive, string entry, string artefact, string missing, CancellationToken cancellation)
    {
        if (await store.GetInfoAsync(artefact, cancellation) is null)
        {
            throw new LabException($"{missing}; export the study without weights.");
        }

        await archive.AddAsync(entry, await store.OpenReadAsync(artefact, cancellation), cancellation);
    }

    private async Task<string?> ReadAsync(string artefact, CancellationToken cancellation) =>
        await store.GetInfoAsync(artefact, cancellation) is null ? null : await store.ReadAllTextAsync(artefact, cancellation);

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
