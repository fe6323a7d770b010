using System.Diagnostics;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary>Shows a study's progress until it ends: bars on a terminal, a line per change elsewhere.</summary>
internal static class StudyProgressDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>A cluster that loses a silo, and a lab that is started again, answers again within seconds.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

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

    private static async Task<StudyView> WatchAsync(LabSession session, string study, CancellationToken cancellation, Action<StudyView> show)
    {
        using var timer = new PeriodicTimer(Period);
        var view = new StudyView();
        var answered = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                view = await session.Lab.GetStudyAsync(study, cancellation);
                answered = Stopwatch.GetTimestamp();
                show(view);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return view;
            }
            catch (Exception exception) when (session.IsPassing(exception) && Stopwatch.GetElapsedTime(answered) < LongestSilence)
            {
                // The silo that the study's grain was on may be gone; the grain appears on another. Or the lab is being started again.
            }

            if (IsHeldBack(view) || view.Stage is StudyStage.Completed or StudyStage.Failed or StudyStage.Cancelled || cancellation.IsCancellationRequested)
            {
                return view;
            }

            try
            {
                await timer.WaitForNextTickAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return view;
            }
        }
    }

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
