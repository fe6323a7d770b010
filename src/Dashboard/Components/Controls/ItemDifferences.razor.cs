using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>Which comments one arm recognises and another does not.</summary>
public sealed partial class ItemDifferences : BackgroundSection
{
    private const int PageSize = 20;
    private const int Resamples = 500;

    /// <summary>Where all n seeds err to one side, their bootstrap misses the truth: once in 2^(n - 1) times, more than one in twenty below six seeds.</summary>
    private const int FewestSeedsForCoverage = 6;

    private static readonly string[] Views = ["left", "right", "all"];

    private string? _textsFault;
    private string? _onTheSame;
    private ImmutableArray<ItemRow> _rows = [];
    private ImmutableDictionary<string, string> _texts = ImmutableDictionary<string, string>.Empty;
    private string _view = Views[0];
    private int _take = PageSize;
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

    /// <summary>Recognition sets, which are names of corpora.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<string> Sets { get; set; } = [];

    [Parameter, EditorRequired]
    public required string Set { get; set; }

    [Parameter]
    public EventCallback<string> SetChanged { get; set; }

    [Parameter, EditorRequired]
    public required string Left { get; set; }

    [Parameter]
    public EventCallback<string> LeftChanged { get; set; }

    [Parameter, EditorRequired]
    public required string Right { get; set; }

    [Parameter]
    public EventCallback<string> RightChanged { get; set; }

    protected override string Subject => string.Join(' ', [Left, Right, Set, .. Pairs.Select(pair => $"{EvaluationOf(pair.Left)} {EvaluationOf(pair.Right)}")]);

    // Seeds that both arms have been scored with.
    private IEnumerable<(RunSummary Left, RunSummary Right)> Pairs => Left == Right ? [] : Scored(Left).Join(Scored(Right), run => run.Seed, run => run.Seed, (left, right) => (left, right));

    private IEnumerable<ItemRow> Chosen => _view switch
    {
        "left" => _rows.Where(row => row.OnlyLeft),
        "right" => _rows.Where(row => row.OnlyRight).Reverse(),
        _ => _rows,
    };

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        _rows = [];
        (_textsFault, _onTheSame) = (null, null);
        _take = PageSize;
        var seeds = new List<(ImmutableArray<SuiteItem> Left, ImmutableArray<SuiteItem> Right)>();
        var asked = new List<RunItems>();
        foreach (var (left, right) in Pairs.ToArray())
        {
            if (await EvaluationItems.ReadAsync(Artefacts, EvaluationOf(left), cancellation) is { } ofLeft
                && await EvaluationItems.ReadAsync(Artefacts, EvaluationOf(right), cancellation) is { } ofRight)
            {
                seeds.Add((ofLeft.Items, ofRight.Items));
                asked.AddRange([ItemsOf(left, ofLeft), ItemsOf(right, ofRight)]);
            }
        }

        cancellation.ThrowIfCancellationRequested();
        _rows = ItemRow.Of(seeds, Set);
        StateHasChanged();
        if (!_rows.IsEmpty)
        {
            try
            {
                _texts = await Artefacts.ReadTextsAsync(Set, _rows.Select(row => row.Id).ToHashSet(StringComparer.Ordinal), cancellation);
            }
            catch (LabException exception)
            {
                // An imported study brings its figures along, not the corpora.
                _textsFault = exception.Message;
            }

            StateHasChanged();
            string right = Right, words = await Task.Run(() => OnTheSame(asked, right), cancellation);
            cancellation.ThrowIfCancellationRequested();
            _onTheSame = words;
        }
    }

    private RunItems ItemsOf(RunSummary run, SuiteResult result) =>
        new(run.Arm, run.Seed, run.Amount, [.. result.Items.OfType<RecognitionItem>().Where(item => item.Set == Set)]);

    /// <summary>The difference that both seeds and comments allow for.</summary>
    private static string OnTheSame(IReadOnlyList<RunItems> asked, string reference)
    {
        const string Metric = "recognition/auroc";
        try
        {
            var difference = ItemComparison.Build(Metric, reference, asked, resamples: Resamples).Single();
            var chance = double.IsNaN(difference.Low)
                ? "an interval needs two seeds"
                : $"95 % interval {Format.Signed(difference.Low, 3)} to {Format.Signed(difference.High, 3)}, bootstrap over {Words.Many(difference.Seeds, "seed", "seeds")}, then over comments"
                    + (difference.Seeds < FewestSeedsForCoverage ? ", too narrow with so few seeds" : "");
            return $"On the same {Words.Many(difference.Items, "comment", "comments")}, AUROC of {difference.Arm} minus that of {difference.Reference}: {Format.Signed(difference.Mean, 3)} ({chance}).";
        }
        catch (EvaluationException exception)
        {
            return exception.Message;
        }
    }

    private IEnumerable<RunSummary> Scored(string arm) => Runs.Where(run => run.Arm == arm && run.IsScored(Amount));

    private string EvaluationOf(RunSummary run) => Identifiers.ForEvaluation(run.Id, SuiteNames.Recognition, Training);

    private string NameOf(string view) => view switch
    {
        "left" => $"only {Left}",
        "right" => $"only {Right}",
        _ => "all",
    };

    private void Choose(string view)
    {
        _view = view;
        _take = PageSize;
    }

    private string WriteCsv()
    {
        var csv = new CsvTable("id", "label", Left, Right, "difference", "seeds", "seeds agreeing", "text");
        foreach (var row in _rows)
        {
            csv.Text(row.Id).Text(row.HighRisk ? "high-risk" : "benign").Number(row.Left).Number(row.Right).Number(row.Difference)
                .Number(row.Seeds).Number(row.SameSign).Text(_texts.GetValueOrDefault(row.Id, "")).EndRow();
        }

        return csv.ToString();
    }
}
