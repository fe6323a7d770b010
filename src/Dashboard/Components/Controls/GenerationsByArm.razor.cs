using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>What every arm writes after one prompt.</summary>
public sealed partial class GenerationsByArm : BackgroundSection
{
    private ImmutableSortedDictionary<string, ImmutableArray<GenerationItem>> _items = ImmutableSortedDictionary<string, ImmutableArray<GenerationItem>>.Empty;
    private ImmutableArray<(string Id, string? Kind, string Text)> _prompts = [];
    private int _at;
    private bool _shown;

    [Parameter, EditorRequired]
    public ImmutableArray<RunSummary> Runs { get; set; } = [];

    /// <summary>How the study is trained: after more steps its runs have other evaluations.</summary>
    [Parameter, EditorRequired]
    public required TrainingSpecification Training { get; set; }

    [Parameter, EditorRequired]
    public ImmutableArray<string> Arms { get; set; } = [];

    [Parameter, EditorRequired]
    public double Amount { get; set; }

    /// <summary>From this score on, a continuation is toxic.</summary>
    [Parameter, EditorRequired]
    public double Threshold { get; set; }

    [Parameter, EditorRequired]
    public int Seed { get; set; }

    [Parameter]
    public EventCallback<int> SeedChanged { get; set; }

    /// <summary>The prompt's id; null for the first.</summary>
    [Parameter]
    public string? Prompt { get; set; }

    [Parameter]
    public EventCallback<string> PromptChanged { get; set; }

    protected override string Subject => string.Join(' ', Scored.Select(EvaluationOf));

    private int[] Seeds => [.. Runs.Where(run => run.Amount == Amount).Select(run => run.Seed).Distinct().Order()];

    private (string Id, string? Kind, string Text) Current => _prompts[_at];

    private IEnumerable<RunSummary> Scored => Runs.Where(run => run.Seed == Seed && run.IsScored(Amount));

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        Find();
    }

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        var items = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<GenerationItem>>(StringComparer.Ordinal);
        foreach (var run in Scored.ToArray())
        {
            if (await EvaluationItems.ReadAsync(Artefacts, EvaluationOf(run), cancellation) is { } result)
            {
                items[run.Arm] = [.. result.Items.OfType<GenerationItem>()];
            }
        }

        cancellation.ThrowIfCancellationRequested();
        _items = items.ToImmutable();
        _prompts = [.. _items.Values.SelectMany(arm => arm).DistinctBy(item => item.Id).OrderByDescending(item => item.Kind, StringComparer.Ordinal).Select(item => (item.Id, item.Kind, item.Prompt))];
        Find();
    }

    private string EvaluationOf(RunSummary run) => Identifiers.ForEvaluation(run.Id, SuiteNames.Generation, Training);

    private void Find() => _at = Math.Max(0, _prompts.Select(prompt => prompt.Id).ToList().IndexOf(Prompt ?? ""));

    private Task GoToAsync(int at) => PromptChanged.InvokeAsync(_prompts[at].Id);

    private IEnumerable<(string Arm, GenerationItem[] Items)> ByArm() =>
        Arms.Select(arm => (arm, _items.GetValueOrDefault(arm, []).Where(item => item.Id == Current.Id).OrderBy(item => item.Number).ToArray()));

    private string WriteCsv()
    {
        var csv = new CsvTable("arm", "seed", "prompt id", "kind", "number", "prompt", "continuation", "score", "score with prompt");
        foreach (var (arm, items) in _items)
        {
            foreach (var item in items)
            {
                csv.Text(arm).Number(Seed).Text(item.Id).Text(item.Kind ?? "").Number(item.Number).Text(item.Prompt).Text(item.Continuation)
                    .Number(item.Score).Number(item.ScoreWithPrompt).EndRow();
            }
        }

        return csv.ToString();
    }
}
