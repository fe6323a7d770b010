using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class RunPage : WorkPage
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

    [Inject]
    public required Reader Reader { get; init; }

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Inject]
    public required IRunCheckpoints Checkpoints { get; init; }

    protected override string What => "run";

    protected override string CancelConsequence =>
        "It stops at its next step, and its study is incomplete and gets no verdicts until it is retried. Checkpoints and figures so far are kept.";

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

        _run = await ViewOfAsync<ITrainingRunGrain, RunView>(Id, grain => grain.GetAsync());
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
        var evaluations = await Task.WhenAll(Suites.Select(suite => ViewOfAsync<IEvaluationGrain, EvaluationView>(Identifiers.ForEvaluation(Id, suite, specification.Training), grain => grain.GetAsync())));
        _evaluations = [.. evaluations.Where(evaluation => evaluation.Request is not null)];
    }

    private double NumberOf(string figure) =>
        _run.Training.Progress.Numbers.TryGetValue(figure, out var value) || _run.Training.Numbers.TryGetValue(figure, out value) ? value : double.NaN;

    protected override Task AskAsync(WorkActions action)
    {
        var run = Grains.GetGrain<ITrainingRunGrain>(Id);
        return action switch
        {
            WorkActions.Pause => run.PauseAsync(),
            WorkActions.Resume => run.ResumeAsync(),
            WorkActions.Retry => run.RetryAsync(),
            WorkActions.Cancel => run.CancelAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a button."),
        };
    }

    protected override Task AskToContinueAsync(int steps) => Grains.GetGrain<ITrainingRunGrain>(Id).ContinueAsync(steps);

    private Task ReadCheckpointsAgainAsync()
    {
        _checkpointsReadAt = null;
        return ReadAgainAsync();
    }

    private Task ReadAgainAsync() => ActAsync(() => Task.CompletedTask);
}
