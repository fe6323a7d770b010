using System.CommandLine;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Api;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run pause|resume|cancel|retry|continue</c>. Each may be given again with the same effect.</summary>
internal static class RunActionCommands
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Command> Create()
    {
        yield return Action("pause", "Holds a run back until it is resumed.", WorkAction.Pause);
        yield return Action("cancel", "Stops a run, keeping its checkpoints; `run retry` goes on from them.", WorkAction.Cancel);
        yield return Working("resume", "Lets a paused run go on.", WorkAction.Resume);
        yield return Working("retry", "Tries a run again that failed or was cancelled, from its last checkpoint; what waits after a failure is tried at once.", WorkAction.Retry);
        var steps = StepsOption();
        var more = new Command(
            "continue",
            "Trains a completed run on until it has --steps steps in all. Its learning rate stays where its schedule ends. The study's evaluations and comparison stay those of the shorter run; `study continue` makes them anew.");
        more.Options.Add(steps);
        yield return Working(more, WorkAction.Continue, steps);
    }

    /// <summary>How many steps there are to be in all.</summary>
    public static Option<int> StepsOption() => new("--steps") { Description = "Steps in all, those that are done included.", Required = true };

    /// <summary>Whether a command does the work that it asks for.</summary>
    public static Option<bool> WaitOption() => new("--wait")
    {
        Description = "Do the work now, in this process, and wait for its end. Otherwise it is done when the lab is started next. With --server: wait for the lab to have done it.",
    };

    private static Command Action(string name, string description, WorkAction action)
    {
        var id = LabCommands.RunArgument();
        var command = new Command(name, description) { id };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ActAsync(session, result.GetValue(id)!, action, steps: 0, wait: false, cancellation), works: false));
        return command;
    }

    private static Command Working(string name, string description, WorkAction action) => Working(new Command(name, description), action, steps: null);

    private static Command Working(Command command, WorkAction action, Option<int>? steps)
    {
        var id = LabCommands.RunArgument();
        var wait = WaitOption();
        command.Arguments.Add(id);
        command.Options.Add(wait);
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => ActAsync(session, result.GetValue(id)!, action, steps is null ? 0 : result.GetValue(steps), result.GetValue(wait), cancellation),
            works: result.GetValue(wait)));
        return command;
    }

    private static async Task<int> ActAsync(LabSession session, string id, WorkAction action, int steps, bool wait, CancellationToken cancellation)
    {
        var view = await session.Lab.ActOnRunAsync(action, id, steps, cancellation);
        if (wait)
        {
            view = await session.WaitAsync(stop => WatchAsync(session, view, stop), cancellation);
        }

        AnsiConsole.WriteLine(RunCommands.LineOf(view));
        return cancellation.IsCancellationRequested ? 130 : wait && view.Training.State != WorkState.Completed ? 1 : 0;
    }

    private static Task<RunView> WatchAsync(LabSession session, RunView run, CancellationToken cancellation) => Watching.UntilAsync(
        session,
        run,
        stop => session.Lab.GetRunAsync(run.Id, stop),
        view => view.Training.State is WorkState.Completed or WorkState.Failed or WorkState.Cancelled or WorkState.Paused,
        Period,
        cancellation);
}
