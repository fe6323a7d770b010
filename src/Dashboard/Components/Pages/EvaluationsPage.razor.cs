using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class EvaluationsPage : LivePage
{
    private ImmutableArray<StudySummary> _studies = [];
    private StudyView? _study;
    private ImmutableArray<(RunSummary Run, EvaluationView Evaluation)> _evaluations = [];
    private int _all;
    private int _amounts;

    // What has ended does not change any more.
    private readonly Dictionary<string, EvaluationView> _ended = [];

    /// <summary>The study; the newest if none is named.</summary>
    [SupplyParameterFromQuery]
    public string? Study { get; set; }

    /// <summary>The suite; all if none is named.</summary>
    [SupplyParameterFromQuery]
    public string? Suite { get; set; }

    /// <summary>The arm; all if none is named.</summary>
    [SupplyParameterFromQuery]
    public string? Arm { get; set; }

    [Inject]
    public required Reader Reader { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string Subject => $"{Study} {Suite} {Arm}";

    private ImmutableArray<string> Arms => [.. _study?.Specification?.Arms.Select(arm => arm.Name) ?? []];

    protected override void Reset() => (_study, _evaluations, _all, _amounts) = (null, [], 0, 0);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _studies = await ViewOfAsync<ICatalogGrain, ImmutableArray<StudySummary>>(Identifiers.Default, grain => grain.ListStudiesAsync());
        var id = Study is { Length: > 0 } ? Identifiers.Ensure(Study, "study") : _studies.FirstOrDefault()?.Id;
        if (id is null)
        {
            return;
        }

        _study = await ViewOfAsync<IStudyGrain, StudyView>(id, grain => grain.GetAsync());
        var asked = new List<(RunSummary Run, Task<EvaluationView> Evaluation)>();
        foreach (var run in _study.Runs)
        {
            foreach (var suite in SuiteWords.All)
            {
                asked.Add((run, GetAsync(Identifiers.ForEvaluation(run.Id, suite, _study.Specification!.Training))));
            }
        }

        var there = new List<(RunSummary Run, EvaluationView Evaluation)>();
        foreach (var (run, asking) in asked)
        {
            if (await asking is { Request: not null } evaluation)
            {
                there.Add((run, evaluation));
            }
        }

        _all = there.Count;
        _amounts = _study.Runs.Select(run => run.Amount).Distinct().Count();
        _evaluations = [.. there.Where(one => Fits(Suite, one.Evaluation.Request!.Suite) && Fits(Arm, one.Run.Arm))];
    }

    private async Task<EvaluationView> GetAsync(string id)
    {
        if (_ended.TryGetValue(id, out var known))
        {
            return known;
        }

        var evaluation = await ViewOfAsync<IEvaluationGrain, EvaluationView>(id, grain => grain.GetAsync());
        if (evaluation.Work.State is WorkState.Completed or WorkState.Cancelled)
        {
            _ended[id] = evaluation;
        }

        return evaluation;
    }

    private static bool Fits(string? wanted, string found) => string.IsNullOrEmpty(wanted) || wanted == found;

    private void Go(string? study, string? suite, string? arm) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["study"] = string.IsNullOrEmpty(study) ? null : study,
        ["suite"] = string.IsNullOrEmpty(suite) ? null : suite,
        ["arm"] = string.IsNullOrEmpty(arm) ? null : arm,
    }));
}
