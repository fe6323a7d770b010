using Microsoft.AspNetCore.Components;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class RunPage : LivePage
{
    private static readonly string[] Suites = [SuiteNames.Recognition, SuiteNames.Generation, SuiteNames.Perplexity, SuiteNames.Replies];

    private RunView _run = new();
    private RunPageCurves _curves = new(0);
    private ImmutableArray<CheckpointView> _checkpoints = [];
    private (WorkState State, long Done)? _checkpointsReadAt;
    private ImmutableArray<EvaluationView> _evaluations = [];

    [Parameter]
    public required string Id { get; set; }

    [Inject]
    public required IGrainFactory Grains { get; init; }

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    protected override string Subject => Id;

    private WorkState State => _run.Training.State;

    private string CurvesNote => _curves.StepsPerPoint > 1 ? $"each point is the mean of {_curves.StepsPerPoint} steps" : "";

    protected override void Reset()
    {
        _run = new RunView();
        _curves = new RunPageCurves(0);
        _checkpoints = [];
        _checkpointsReadAt = null;
        _evaluations = [];
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id))
        {
            return;
        }

        var unknown = _run.Specification is null;
        _run = await Grains.GetGrain<ITrainingRunGrain>(Id).GetAsync();
        if (_run.Specification is not { } specification)
        {
            return;
        }

        if (unknown)
        {
            _curves = new RunPageCurves(specification.Training.Steps);
        }

        if (_curves.LastStep < _run.Training.Progress.Done)
        {
            _curves.Add(await Artefacts.ReadMetricsAsync(Id, _curves.LastStep, cancellation));
        }

        var stand = (State, _run.Training.Progress.Done);
        if (_checkpointsReadAt != stand)
        {
            _checkpoints = await Artefacts.ReadCheckpointsAsync(Id, cancellation);
            _checkpointsReadAt = stand;
        }

        var evaluations = await Task.WhenAll(Suites.Select(suite => Grains.GetGrain<IEvaluationGrain>(Identifiers.ForEvaluation(Id, suite, specification.Training)).GetAsync()));
        _evaluations = [.. evaluations.Where(evaluation => evaluation.Request is not null)];
    }

    private double NumberOf(string figure) =>
        _run.Training.Progress.Numbers.TryGetValue(figure, out var value) || _run.Training.Numbers.TryGetValue(figure, out value) ? value : double.NaN;

    private Task PauseAsync() => ActAsync(() => Actions.DoAsync("pause", "run", Id, () => Grains.GetGrain<ITrainingRunGrain>(Id).PauseAsync()));

    private Task ResumeAsync() => ActAsync(() => Actions.DoAsync("resume", "run", Id, () => Grains.GetGrain<ITrainingRunGrain>(Id).ResumeAsync()));

    private async Task CancelAsync()
    {
        var options = new ConfirmOptions { OkButtonText = "Cancel the run", CancelButtonText = "Keep it" };
        var message = "It stops and cannot go on later; its study will be incomplete and get no verdicts. Checkpoints and figures so far are kept.";
        if (await Dialogs.Confirm(message, "Cancel the run?", options) == true)
        {
            await ActAsync(() => Actions.DoAsync("cancel", "run", Id, () => Grains.GetGrain<ITrainingRunGrain>(Id).CancelAsync()));
        }
    }
}
