using System.CommandLine;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run pause|resume|cancel|retry|continue</c>. Each may be given again with the same effect.</summary>
internal static class RunActionCommands
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Command> Create()
    {
        yield return Action("pause", "Holds a run back until it is resumed.", run => run.PauseAsync());
        yield return Action("cancel", "Stops a run, keeping its checkpoints; `run retry` goes on from them.", run => run.CancelAsync());
        yield return Working("resume", "Lets a paused run go on.", run => run.ResumeAsync());
        yield return Working("retry", "Tries a run again that failed or was cancelled, from its last checkpoint; what waits after a failure is tried at once.", run => run.RetryAsync());
        var steps = StepsOption();
        var more = new Command(
            "continue",
            "Trains a completed run on until it has --steps steps in all. Its learning rate stays where its schedule ends. The study's evaluations and comparison stay those of the shorter run; `study continue` makes them anew.");
        more.Options.Add(steps);
        yield return Working(more, (result, run) => run.ContinueAsync(result.GetValue(steps)));
    }

    /// <summary>How many steps there are to be in all.</summary>
    public static Option<int> StepsOption() => new("--steps") { Description = "Steps in all, those that are done included.", Required = true };

    /// <summary>Whether a command does the work that it asks for.</summary>
    public static Option<bool> WaitOption() => new("--wait")
    {
        Description = "Do the work now, in this process, and wait for its end. Otherwise it is done when the lab is started next.",
    };

    private static Command Action(string name, string description, Func<ITrainingRunGrain, Task<RunView>> act)
    {
        var id = RunArgument();
        var command = new Command(name, description) { id };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ActAsync(session, name, result.GetValue(id)!, act, wait: false, cancellation), works: false));
        return command;
    }

    private static Command Working(string name, string description, Func<ITrainingRunGrain, Task<RunView>> act) => Working(new Command(name, description), (_, run) => act(run));

    private static Command Working(Command command, Func<ParseResult, ITrainingRunGrain, Task<RunView>> act)
    {
        var id = RunArgument();
        var wait = WaitOption();
        command.Arguments.Add(id);
        command.Options.Add(wait);
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => ActAsync(session, command.Name, result.GetValue(id)!, run => act(result, run), result.GetValue(wait), cancellation),
            works: result.GetValue(wait)));
        return command;
    }

    private static async Task<int> ActAsync(LabSession session, string action, string id, Func<ITrainingRunGrain, Task<RunView>> act, bool wait, CancellationToken cancellation)
    {
        await RunCommands.GetAsync(session, id);
        var run = session.Grains.GetGrain<ITrainingRunGrain>(id);
        var view = await session.DoAsync(action, "run", id, () => act(run));
        if (wait)
        {
            view = await session.WaitAsync(stop => WatchAsync(run, stop), cancellation);
        }

        AnsiConsole.WriteLine(RunCommands.LineOf(view));
        return cancellation.IsCancellationRequested ? 130 : wait && view.Training.State != WorkState.Completed ? 1 : 0;
    }

    private static async Task<RunView> WatchAsync(ITrainingRunGrain run, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period);
        while (true)
        {
            var view = await run.GetAsync();
            if (view.Training.State is WorkState.Completed or WorkState.Failed or WorkState.Cancelled or WorkState.Paused)
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

    private static Argument<string> RunArgument() => new("run") { Description = "The run's id, as `run list` shows it." };
}
