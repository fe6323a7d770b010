using Microsoft.AspNetCore.Components;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class RunPage : LivePage
{
    // Pins and deletions of others show after so many seconds; what this page or the run does, at once.
    private const long CheckpointPeriod = 10;

    private static readonly string[] Suites = [SuiteNames.Recognition, SuiteNames.Generation, SuiteNames.Perplexity, SuiteNames.Replies];

    private RunView _run = new();
    private RunPageCurves _curves = new(0);
    private ImmutableArray<CheckpointView> _checkpoints = [];
    private RunCheckpointPlan? _plan;
    private (WorkState State, long Epoch, long? Committed, long Period)? _checkpointsReadAt;
    private RunOrigin? _origin;
    private ImmutableArray<EvaluationView> _evaluations = [];

    [Parameter]
    public required string Id { get; set; }

    [Inject]
    public required IGrainFactory Grains { get; init; }

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Inject]
    public required IRunCheckpoints Checkpoints { get; init; }

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
        _plan = null;
        _checkpointsReadAt = null;
        _origin = null;
        _evaluations = [];
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id))
        {
            return;
        }

        _run = await Grains.GetGrain<ITrainingRunGrain>(Id).GetAsync();
        if (_run.Specification is not { } specification)
        {
            return;
        }

        if (_curves.Steps != specification.Training.Steps)
        {
            _curves = new RunPageCurves(specification.Training.Steps);
        }

        if (_curves.LastStep < _run.Training.Progress.Done)
        {
            _curves.Add(await Artefacts.ReadMetricsAsync(Id, _curves.LastStep, cancellation));
        }

        var attempt = _run.Training.Attempts.LastOrDefault();
        var stand = (State, attempt?.Epoch ?? 0, attempt?.Committed, Now.ToUnixTimeSeconds() / CheckpointPeriod);
        if (_checkpointsReadAt != stand)
        {
            _plan = await Checkpoints.PlanAsync(Id, cancellation: cancellation);
            _checkpoints = await Artefacts.ReadCheckpointsAsync(Id, cancellation);
            _checkpointsReadAt = stand;
        }

        _origin ??= await RunOrigin.ReadAsync(Grains, specification.Study);
        var evaluations = await Task.WhenAll(Suites.Select(suite => Grains.GetGrain<IEvaluationGrain>(Identifiers.ForEvaluation(Id, suite, specification.Training)).GetAsync()));
        _evaluations = [.. evaluations.Where(evaluation => evaluation.Request is not null)];
    }

    private double NumberOf(string figure) =>
        _run.Training.Progress.Numbers.TryGetValue(figure, out var value) || _run.Training.Numbers.TryGetValue(figure, out value) ? value : double.NaN;

    private Task ActOnRunAsync(WorkActions action)
    {
        var run = Grains.GetGrain<ITrainingRunGrain>(Id);
        return action switch
        {
            WorkActions.Pause => DoAsync("pause", run.PauseAsync),
            WorkActions.Resume => DoAsync("resume", run.ResumeAsync),
            WorkActions.Retry => DoAsync("retry", run.RetryAsync),
            WorkActions.Cancel => CancelAsync(run),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a button."),
        };
    }

    private async Task CancelAsync(ITrainingRunGrain run)
    {
        var options = new ConfirmOptions { OkButtonText = "Cancel the run", CancelButtonText = "Keep it" };
        var message = "It stops at its next step, and its study is incomplete and gets no verdicts until it is retried. Checkpoints and figures so far are kept.";
        if (await Dialogs.Confirm(message, "Cancel the run?", options) == true)
        {
            await DoAsync("cancel", run.CancelAsync);
        }
    }

    private Task ContinueAsync(int steps) => DoAsync("continue", () => Grains.GetGrain<ITrainingRunGrain>(Id).ContinueAsync(steps));

    private Task DoAsync(string action, Func<Task> work) => ActAsync(() => Actions.DoAsync(action, "run", Id, work));

    private Task ReadCheckpointsAgainAsync()
    {
        _checkpointsReadAt = null;
        return ReadAgainAsync();
    }

    private Task ReadAgainAsync() => ActAsync(() => Task.CompletedTask);
}
