using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>What the arms write after the same prompts, as far as the report shows it: the first continuation of every seed at the largest amount.</summary>
internal static class ReportGenerations
{
    private const int MostPrompts = 40;

    public static async Task<ImmutableArray<ReportPrompt>> OfAsync(Comparison comparison, TrainingSpecification training, IBlobStore store, CancellationToken cancellation)
    {
        var prompts = new SortedDictionary<string, (string Text, ImmutableArray<ReportAnswer>.Builder Answers)>(StringComparer.Ordinal);
        var runs = comparison.Runs.Where(run => run.Amount == comparison.Amounts.Max())
            .OrderBy(run => comparison.Arms.IndexOf(run.Arm)).ThenBy(run => run.Seed);
        foreach (var run in runs)
        {
            var name = ArtefactNames.Evaluation(Identifiers.ForEvaluation(run.Run, SuiteNames.Generation, training));
            if (await store.FindTextAsync(name, cancellation) is not { } json)
            {
                continue;
            }

            var first = SuiteJson.Read(json).Items.OfType<GenerationItem>()
                .GroupBy(item => item.Id, StringComparer.Ordinal)
                .OrderBy(items => items.Key, StringComparer.Ordinal)
                .Take(MostPrompts)
                .Select(items => items.MinBy(item => item.Number)!);
            foreach (var item in first)
            {
                if (!prompts.TryGetValue(item.Id, out var prompt))
                {
                    prompts[item.Id] = prompt = (item.Prompt, ImmutableArray.CreateBuilder<ReportAnswer>());
                }

                prompt.Answers.Add(new ReportAnswer(run.Arm, run.Seed, item.Continuation, item.Score));
            }
        }

        return [.. prompts.Take(MostPrompts).Select(prompt => new ReportPrompt(prompt.Key, prompt.Value.Text, prompt.Value.Answers.ToImmutable()))];
    }
}
