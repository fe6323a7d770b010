using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Workers;

/// <summary>Builds a study's comparison from the figures of its evaluations, and writes it as JSON and as a page.</summary>
internal sealed class CompareWork(IBlobStore store, IGrainFactory grains) : IWork
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
        var page = new StringWriter();
        ComparisonReport.WriteHtml(comparison, Audit(study.Name), page);
        Write(ArtefactNames.Report(study.Name), page.ToString());
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
        foreach (var suite in new[] { SuiteNames.Recognition, SuiteNames.Generation, SuiteNames.Perplexity, SuiteNames.Replies })
        {
            var evaluation = grains.GetGrain<IEvaluationGrain>(Identifiers.ForEvaluation(run.Id, suite, training)).GetAsync().GetAwaiter().GetResult();
            metrics.AddRange(evaluation.Work.Numbers);
        }

        return new RunScores(run.Id, run.Arm, run.Seed, run.Amount, metrics.ToImmutable());
    }

    private IReadOnlyList<ReportTable> Audit(string study)
    {
        var name = ArtefactNames.Audit(study);
        return store.GetInfoAsync(name).GetAwaiter().GetResult() is null ? [] : [AuditReport.ToTable(store.ReadAllTextAsync(name).GetAwaiter().GetResult())];
    }

    private void Write(string name, string text) => store.WriteTextAsync(name, text, WriteCondition.None).GetAwaiter().GetResult();
}
