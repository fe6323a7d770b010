using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary>Shows a study's progress until it ends: bars on a terminal, a line per change elsewhere.</summary>
internal static class StudyProgressDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public static async Task<StudyView> WatchAsync(LabSession session, string study, CancellationToken cancellation) =>
        AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? await WatchWithBarsAsync(session, study, cancellation)
            : await WatchWithLinesAsync(session, study, cancellation);

    private static Task<StudyView> WatchWithBarsAsync(LabSession session, string study, CancellationToken cancellation) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
        .StartAsync(async progress =>
        {
            var stage = progress.AddTask("importing");
            var training = progress.AddTask("training", autoStart: false);
            var evaluating = progress.AddTask("evaluating", autoStart: false);
            return await WatchAsync(session, study, cancellation, view =>
            {
                stage.Description = Markup.Escape(StageOf(view));
                stage.Value = 100.0 * (int)Math.Min((int)view.Stage, (int)StudyStage.Completed) / (int)StudyStage.Completed;
                if (view.Stage >= StudyStage.Running)
                {
                    Show(training, $"training {view.Runs.Count(run => run.State == WorkState.Completed)}/{view.Runs.Length} runs, {view.Runs.Sum(Speed):N0} tokens/s", view.Runs.Sum(run => run.Step), view.Runs.Sum(run => run.Steps));
                    Show(evaluating, "evaluating", view.Runs.Sum(run => run.EvaluationsDone), view.Runs.Sum(run => run.Evaluations));
                }
            });
        });

    private static void Show(ProgressTask task, string description, double value, double maximum)
    {
        if (!task.IsStarted)
        {
            task.StartTask();
        }

        task.Description = Markup.Escape(description);
        task.MaxValue = Math.Max(1, maximum);
        task.Value = value;
    }

    private static async Task<StudyView> WatchWithLinesAsync(LabSession session, string study, CancellationToken cancellation)
    {
        var last = "";
        return await WatchAsync(session, study, cancellation, view =>
        {
            var line = view.Stage == StudyStage.Running
                ? $"running: {view.Runs.Count(run => run.State == WorkState.Completed)}/{view.Runs.Length} runs trained, {view.Runs.Sum(run => run.EvaluationsDone)}/{view.Runs.Sum(run => run.Evaluations)} evaluations"
                : StageOf(view);
            if (line != last)
            {
                Console.WriteLine($"{DateTime.Now:HH:mm:ss} {line}");
                last = line;
            }
        });
    }

    private static Task<StudyView> WatchAsync(LabSession session, string study, CancellationToken cancellation, Action<StudyView> show) => Watching.UntilAsync(
        session,
        new StudyView(),
        stop => session.Lab.GetStudyAsync(study, stop),
        view =>
        {
            show(view);
            return IsHeldBack(view) || view.Stage is StudyStage.Completed or StudyStage.Failed or StudyStage.Cancelled;
        },
        Period,
        cancellation);

    /// <summary>Whether nothing happens until a person lets it go on.</summary>
    public static bool IsHeldBack(StudyView view) => view.Paused
        || (view.Stage == StudyStage.Running
            && view.Runs.Any(run => run.State == WorkState.Paused)
            && view.Runs.All(run => run.State is WorkState.Paused or WorkState.Failed or WorkState.Cancelled || run.EvaluationsDone == run.Evaluations));

    private static double Speed(RunSummary run) => run.State == WorkState.Running ? run.TokensPerSecond : 0;

    private static string StageOf(StudyView view)
    {
        var work = view.Stage == StudyStage.Preparing ? view.Preparation : view.Comparison;
        var name = view.Stage.ToString().ToLowerInvariant();
        return view.Stage is StudyStage.Preparing or StudyStage.Comparing && work.Progress.Stage.Length > 0 ? $"{name}: {work.Progress.Stage}" : name;
    }
}
