using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class StudyPage : WorkPage
{
    private const int ManyRuns = 24;

    private readonly Dictionary<string, RunCurves> _runs = [];
    private StudyView _study = new();
    private ImmutableArray<string> _arms = [];
    private ImmutableArray<(string Name, WorkView Work)> _underWay = [];
    private ImmutableArray<Curve> _curves = [];
    private ComparisonReading? _comparison;
    private Audit? _audit;

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    protected override string What => "study";

    protected override string CancelConsequence => $"What '{Id}' has under way stops, and it gets no verdicts until it is retried. Checkpoints and figures so far are kept.";

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

        _study = await ViewOfAsync<IStudyGrain, StudyView>(Id, grain => grain.GetAsync());
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
                    work.Add(($"Import {corpus.Name}", (await ViewOfAsync<ICorpusGrain, CorpusView>(corpus.Name, grain => grain.GetAsync())).Import));
                }

                break;
            case StudyStage.Tagging:
                foreach (var corpus in _study.Specification!.Data.HighRisk)
                {
                    foreach (var job in (await ViewOfAsync<ICorpusGrain, CorpusView>(corpus, grain => grain.GetAsync())).TaggingJobs)
                    {
                        work.Add(($"Tag {corpus}", (await ViewOfAsync<ITaggingJobGrain, TaggingView>(job, grain => grain.GetAsync())).Work));
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

    protected override Task AskAsync(WorkActions action)
    {
        var study = Grains.GetGrain<IStudyGrain>(Id);
        return action switch
        {
            WorkActions.Pause => study.PauseAsync(),
            WorkActions.Resume => study.ResumeAsync(),
            WorkActions.Retry => study.RetryAsync(),
            WorkActions.Cancel => study.CancelAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a button."),
        };
    }

    protected override Task AskToContinueAsync(int steps) => Grains.GetGrain<IStudyGrain>(Id).ContinueAsync(steps);
}
