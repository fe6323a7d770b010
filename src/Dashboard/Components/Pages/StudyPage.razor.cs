using Microsoft.AspNetCore.Components;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class StudyPage : LivePage
{
    private const int ManyRuns = 24;

    private readonly Dictionary<string, RunCurves> _runs = [];
    private StudyView _study = new();
    private ImmutableArray<string> _arms = [];
    private ImmutableArray<(string Name, WorkView Work)> _underWay = [];
    private ImmutableArray<Curve> _curves = [];
    private ComparisonReading? _comparison;
    private Audit? _audit;

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

    // Every run of a page is drawn anew: of many, every other second will do.
    protected override int SecondsPerReading => _study.Runs.Length > ManyRuns ? 2 : 1;

    private string CurvesNote
    {
        get
        {
            var steps = _runs.Values.Select(run => run.StepsPerPoint).DefaultIfEmpty(1).Max();
            return steps > 1 ? $"each point is the mean of {steps} steps" : "";
        }
    }

    protected override void Reset()
    {
        _runs.Clear();
        _study = new StudyView();
        _underWay = [];
        _curves = [];
        _comparison = null;
        _audit = null;
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id))
        {
            return;
        }

        _study = await Grains.GetGrain<IStudyGrain>(Id).GetAsync();
        _arms = _study.Specification is { } specification ? [.. specification.Arms.Select(arm => arm.Name)] : [];
        _underWay = await ReadUnderWayAsync();
        AddCurvesOfNewRuns();
        if (_study.Stage != StudyStage.Completed)
        {
            _comparison = null;
        }

        foreach (var run in _study.Runs)
        {
            var curves = _runs[run.Id];
            if (curves.LastStep < run.Step)
            {
                curves.Add(await Artefacts.ReadMetricsAsync(run.Id, curves.LastStep, cancellation));
            }
        }

        if (_study.Stage >= StudyStage.Running)
        {
            _audit ??= Audit.Read(await Artefacts.ReadTextAsync(ArtefactNames.Audit(Id), cancellation));
        }

        if (_study.Stage == StudyStage.Completed)
        {
            _comparison ??= ComparisonReading.Of(await Artefacts.ReadTextAsync(ArtefactNames.Comparison(Id), cancellation));
        }
    }

    private async Task<ImmutableArray<(string Name, WorkView Work)>> ReadUnderWayAsync()
    {
        var work = ImmutableArray.CreateBuilder<(string, WorkView)>();
        switch (_study.Stage)
        {
            case StudyStage.Importing:
                foreach (var corpus in _study.Specification!.Corpora)
                {
                    work.Add(($"Import {corpus.Name}", (await Grains.GetGrain<ICorpusGrain>(corpus.Name).GetAsync()).Import));
                }

                break;
            case StudyStage.Tagging:
                foreach (var corpus in _study.Specification!.Data.HighRisk)
                {
                    foreach (var job in (await Grains.GetGrain<ICorpusGrain>(corpus).GetAsync()).TaggingJobs)
                    {
                        work.Add(($"Tag {corpus}", (await Grains.GetGrain<ITaggingJobGrain>(job).GetAsync()).Work));
                    }
                }

                break;
            case StudyStage.Preparing:
                work.Add(("Prepare tokenizer and data", _study.Preparation));
                break;
            case StudyStage.Comparing:
                work.Add(("Compare the arms", _study.Comparison));
                break;
            default:
                break;
        }

        return work.ToImmutable();
    }

    private void AddCurvesOfNewRuns()
    {
        var amounts = _study.Runs.Select(run => run.Amount).Distinct().Order().ToList();
        foreach (var run in _study.Runs.Where(run => !_runs.ContainsKey(run.Id)))
        {
            var ofAmount = amounts.Count > 1 ? $", {Format.Share(run.Amount)}" : "";
            var curve = new Curve(
                $"{run.Arm}{ofAmount}, seed {run.Seed}", $"{run.Arm}{ofAmount}", ArmColours.Variable(_arms.IndexOf(run.Arm)), dashed: amounts.IndexOf(run.Amount) % 2 == 1);
            _curves = _curves.Add(curve);
            _runs.Add(run.Id, new RunCurves(run.Steps, (curve, point => point.Loss)));
        }
    }

    private Task ActOnStudyAsync(WorkActions action)
    {
        var study = Grains.GetGrain<IStudyGrain>(Id);
        return action switch
        {
            WorkActions.Pause => DoAsync("pause", study.PauseAsync),
            WorkActions.Resume => DoAsync("resume", study.ResumeAsync),
            WorkActions.Retry => DoAsync("retry", study.RetryAsync),
            WorkActions.Cancel => CancelAsync(study),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a button."),
        };
    }

    private async Task CancelAsync(IStudyGrain study)
    {
        var options = new ConfirmOptions { OkButtonText = "Cancel the study", CancelButtonText = "Keep it" };
        var message = $"What '{Id}' has under way stops, and it gets no verdicts until it is retried. Checkpoints and figures so far are kept.";
        if (await Dialogs.Confirm(message, "Cancel the study?", options) == true)
        {
            await DoAsync("cancel", study.CancelAsync);
        }
    }

    private Task ContinueAsync(int steps) => DoAsync("continue", () => Grains.GetGrain<IStudyGrain>(Id).ContinueAsync(steps));

    private Task DoAsync(string action, Func<Task> work) => ActAsync(() => Actions.DoAsync(action, "study", Id, work));
}
