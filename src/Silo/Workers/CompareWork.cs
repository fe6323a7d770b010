using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Exports;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Workers;

/// <summary>Builds a study's comparison from the figures of its evaluations, and writes it as JSON and, with its lineage, as a page.</summary>
internal sealed class CompareWork(IBlobStore store, IGrainFactory grains, StudyReports reports) : IWork
{
    public WorkKind Kind => WorkKind.Compare;

    public WorkOutcome Run(WorkContext context)
    {
        var view = grains.GetGrain<IStudyGrain>(context.Key).GetAsync().GetAwaiter().GetResult();
        var study = view.Specification ?? throw new LabException($"There is no study '{context.Key}'.");
        context.Report("comparing", 0, view.Runs.Length);
        var scores = new List<RunScores>();
        foreach (var run in view.Runs.Where(run => run.EvaluationsDone == run.Evaluations))
        {
            context.Stop.ThrowIfCancellationRequested();
            scores.Add(ReadScores(run, study.Training));
            context.Report("comparing", scores.Count, view.Runs.Length);
        }

        var comparison = ComparisonBuilder.Build(
            study.Name, [.. study.Arms.Select(arm => arm.Name)], study.Seeds, study.Amounts, [.. view.Runs.Select(run => run.Id)], scores);
        Write(ArtefactNames.Comparison(study.Name), ComparisonJson.Write(comparison));
        WriteReportAsync(view, context.Stop).GetAwaiter().GetResult();
        return new WorkOutcome
        {
            State = WorkState.Completed,
            Artefact = ArtefactNames.Comparison(study.Name),
            Names = comparison.Verdicts.Select((verdict, index) => (Key: $"{index:D3}", verdict.Sentence)).ToImmutableDictionary(pair => pair.Key, pair => pair.Sentence),
        };
    }

    private RunScores ReadScores(RunSummary run, TrainingSpecification training)
    {
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var suite in SuiteNames.All)
        {
            var evaluation = grains.GetGrain<IEvaluationGrain>(Identifiers.ForEvaluation(run.Id, suite, training)).GetAsync().GetAwaiter().GetResult();
            metrics.AddRange(evaluation.Work.Numbers);
        }

        return new RunScores(run.Id, run.Arm, run.Seed, run.Amount, metrics.ToImmutable());
    }

    private async Task WriteReportAsync(StudyView study, CancellationToken stop)
    {
        var lineage = await StudyLineage.OfAsync(study, grains, store, stop);
        await store.WriteBytesAsync(ArtefactNames.Lineage(study.Id), ArchiveJson.Write(lineage), WriteCondition.None, stop);
        await reports.WriteAsync(study, stop);
    }

    private void Write(string name, string text) => store.WriteTextAsync(name, text, WriteCondition.None).GetAwaiter().GetResult();
}
