using System.Globalization;
using System.Text;
using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Exports;

/// <summary>What an archive says, read whole and found to fit together, but for what is read run by run: metrics and items.</summary>
internal sealed record ArchiveContent
{
    public required StudySpecification Specification { get; init; }

    public required ArchivedStudy Study { get; init; }

    public required ImmutableArray<RunView> Runs { get; init; }

    public required ImmutableArray<EvaluationView> Evaluations { get; init; }

    /// <summary>Artefacts that are kept as they are: name in the store, and content.</summary>
    public required ImmutableArray<(string Name, byte[] Content)> Artefacts { get; init; }

    /// <exception cref="LabException">Something is missing, malformed, or not of this study; the message names the entry.</exception>
    public static async Task<ArchiveContent> ReadAsync(StudyArchive archive, CancellationToken cancellation)
    {
        var specification = await ReadSpecificationAsync(archive, cancellation);
        var study = await ReadAsync<ArchivedStudy>(archive, ArchiveEntries.Study, cancellation);
        if (study.Stage != StudyStage.Completed || study.Preparation.State != WorkState.Completed || study.Comparison.State != WorkState.Completed)
        {
            throw new LabException($"The study is {study.Stage.ToString().ToLowerInvariant()}; only a completed study can be imported.");
        }

        var runs = ImmutableArray.CreateBuilder<RunView>();
        var evaluations = ImmutableArray.CreateBuilder<EvaluationView>();
        var artefacts = ImmutableArray.CreateBuilder<(string, byte[])>();
        await AddArtefactsAsync(archive, specification, artefacts, cancellation);
        foreach (var arm in specification.Arms)
        {
            foreach (var amount in specification.Amounts)
            {
                foreach (var seed in specification.Seeds)
                {
                    var run = await ReadRunAsync(archive, specification, arm.Name, amount, seed, cancellation);
                    runs.Add(run);
                    if (archive.Has(ArchiveEntries.Certificate(run.Id)))
                    {
                        artefacts.Add((ArtefactNames.Certificate(run.Id), await ReadJsonAsync(archive, ArchiveEntries.Certificate(run.Id), cancellation)));
                    }

                    foreach (var suite in ArchiveEntries.EvaluationsOf(run.Id, specification.Training).Where(id => archive.Has(ArchiveEntries.Evaluation(id))))
                    {
                        evaluations.Add(await ReadEvaluationAsync(archive, suite, run.Id, specification.Training, cancellation));
                    }
                }
            }
        }

        return new ArchiveContent
        {
            Specification = specification,
            Study = study,
            Runs = runs.ToImmutable(),
            Evaluations = evaluations.ToImmutable(),
            Artefacts = artefacts.ToImmutable(),
        };
    }

    /// <summary>What a suite measured, with its items; null if it measured nothing.</summary>
    /// <exception cref="LabException">It is malformed.</exception>
    public static async Task<SuiteResult?> ReadResultAsync(StudyArchive archive, string evaluation, CancellationToken cancellation)
    {
        if (!archive.Has(ArchiveEntries.Result(evaluation)))
        {
            return null;
        }

        var entry = ArchiveEntries.Result(evaluation);
        try
        {
            var result = SuiteJson.Read(Encoding.UTF8.GetString(await archive.ReadAsync(entry, cancellation)));
            entry = ArchiveEntries.Items(evaluation);
            using var reader = new StreamReader(await archive.OpenAsync(entry, cancellation), Encoding.UTF8);
            var items = ImmutableArray.CreateBuilder<SuiteItem>();
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                items.Add(SuiteJson.ReadItem(line));
            }

            return result with { Items = items.ToImmutable() };
        }
        catch (EvaluationException exception)
        {
            throw new LabException($"The archive's entry '{entry}': {exception.Message}");
        }
    }

    private static async Task<StudySpecification> ReadSpecificationAsync(StudyArchive archive, CancellationToken cancellation)
    {
        var specification = await ReadAsync<StudySpecification>(archive, ArchiveEntries.Specification, cancellation);
        var faults = StudyValidation.Faults(specification);
        if (!faults.IsEmpty)
        {
            throw new LabException($"The archive's entry '{ArchiveEntries.Specification}': {faults[0]}");
        }

        if (specification.Name != archive.Manifest.Study)
        {
            throw new LabException($"The archive's entry '{ArchiveEntries.Specification}' is of study '{specification.Name}'; '{archive.Manifest.Study}' is expected.");
        }

        // Before they are counted out one by one.
        var runs = (long)specification.Arms.Length * specification.Amounts.Length * specification.Seeds.Length;
        var there = archive.Manifest.Entries.Count(entry => entry.Name.EndsWith("/run.json", StringComparison.Ordinal));
        return runs == there
            ? specification
            : throw new LabException($"The archive has {there} runs; the specification's arms, amounts and seeds come to {runs}.");
    }

    private static async Task<RunView> ReadRunAsync(StudyArchive archive, StudySpecification study, string arm, double amount, int seed, CancellationToken cancellation)
    {
        var id = Identifiers.ForRun(study.Name, arm, seed, amount);
        var run = await ReadAsync<RunView>(archive, ArchiveEntries.Run(id), cancellation);
        if (run.Id != id || run.Training.Key != id || run.Specification is not { } known
            || (known.Study, known.Arm.Name, known.Amount, known.Seed) != (study.Name, arm, amount, seed))
        {
            throw new LabException(string.Create(CultureInfo.InvariantCulture, $"The archive's entry '{ArchiveEntries.Run(id)}' is not the run of arm {arm}, amount {amount}, seed {seed}."));
        }

        EnsureEnded(run.Training, ArchiveEntries.Run(id));
        using var metrics = await archive.OpenAsync(ArchiveEntries.Metrics(id), cancellation);
        MetricCsv.Read(metrics, ArchiveEntries.Metrics(id));
        return run;
    }

    private static async Task<EvaluationView> ReadEvaluationAsync(StudyArchive archive, string id, string run, TrainingSpecification training, CancellationToken cancellation)
    {
        var evaluation = await ReadAsync<EvaluationView>(archive, ArchiveEntries.Evaluation(id), cancellation);
        var result = await ReadResultAsync(archive, id, cancellation);
        if (evaluation.Id != id || evaluation.Work.Key != id || evaluation.Request?.Run != run || Identifiers.ForEvaluation(run, evaluation.Request.Suite, training) != id
            || (result is not null) != (evaluation.Work.State == WorkState.Completed) || (result is not null && result.Suite != evaluation.Request.Suite))
        {
            throw new LabException($"The archive's entry '{ArchiveEntries.Evaluation(id)}' is not that evaluation, or its result is missing or another suite's.");
        }

        EnsureEnded(evaluation.Work, ArchiveEntries.Evaluation(id));
        return evaluation;
    }

    private static void EnsureEnded(WorkView work, string entry)
    {
        if (work.State is not (WorkState.Completed or WorkState.Failed or WorkState.Cancelled))
        {
            throw new LabException($"The archive's entry '{entry}' has work that is {work.State.ToString().ToLowerInvariant()}; work that has ended is expected.");
        }
    }

    private static async Task AddArtefactsAsync(
        StudyArchive archive, StudySpecification study, ImmutableArray<(string, byte[])>.Builder artefacts, CancellationToken cancellation)
    {
        var comparison = await archive.ReadAsync(ArchiveEntries.Comparison, cancellation);
        try
        {
            if (!IsOf(study, ComparisonJson.Read(Encoding.UTF8.GetString(comparison))))
            {
                throw new LabException($"The archive's entry '{ArchiveEntries.Comparison}' is not of study '{study.Name}', or of other arms, amounts or runs than it has.");
            }
        }
        catch (EvaluationException exception)
        {
            throw new LabException($"The archive's entry '{ArchiveEntries.Comparison}': {exception.Message}");
        }

        artefacts.Add((ArtefactNames.Comparison(study.Name), comparison));
        var lineage = await archive.ReadAsync(ArchiveEntries.Lineage, cancellation);
        ArchiveJson.Read<StudyLineage>(lineage, ArchiveEntries.Lineage);
        artefacts.Add((ArtefactNames.Lineage(study.Name), lineage));
        if (archive.Has(ArchiveEntries.Plan))
        {
            artefacts.Add((ArtefactNames.Plan(study.Name), await ReadJsonAsync(archive, ArchiveEntries.Plan, cancellation)));
        }

        if (archive.Has(ArchiveEntries.Audit))
        {
            var audit = await archive.ReadAsync(ArchiveEntries.Audit, cancellation);
            Checked(ArchiveEntries.Audit, () => AuditReport.ToTable(Encoding.UTF8.GetString(audit)));
            artefacts.Add((ArtefactNames.Audit(study.Name), audit));
        }
    }

    private static bool IsOf(StudySpecification study, Comparison comparison) =>
        comparison.Study == study.Name
        && comparison.Arms.SequenceEqual(study.Arms.Select(arm => arm.Name))
        && comparison.Amounts.SequenceEqual(study.Amounts)
        && comparison.Seeds.SequenceEqual(study.Seeds)
        && !comparison.Runs.Select(run => run.Run).Except(ArchiveEntries.RunsOf(study)).Any()
        && comparison.Runs.Select(run => (run.Arm, run.Amount))
            .Concat(comparison.Summaries.Select(summary => (summary.Arm, summary.Amount)))
            .Concat(comparison.Differences.SelectMany(one => new[] { (one.Arm, one.Amount), (Arm: one.Reference, one.Amount) }))
            .Concat(comparison.Verdicts.Select(verdict => (verdict.Arm, verdict.Amount)))
            .All(pair => comparison.Arms.Contains(pair.Arm) && comparison.Amounts.Contains(pair.Amount));

    private static async Task<T> ReadAsync<T>(StudyArchive archive, string entry, CancellationToken cancellation)
        where T : class => ArchiveJson.Read<T>(await archive.ReadAsync(entry, cancellation), entry);

    private static async Task<byte[]> ReadJsonAsync(StudyArchive archive, string entry, CancellationToken cancellation)
    {
        var content = await archive.ReadAsync(entry, cancellation);
        Checked(entry, () => JsonDocument.Parse(content).Dispose());
        return content;
    }

    private static void Checked(string entry, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or ArgumentException or KeyNotFoundException)
        {
            throw new LabException($"The archive's entry '{entry}' cannot be read: {exception.Message}");
        }
    }
}
