using System.CommandLine;
using SlungOrleans.Silo.Api;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>study pause|resume|cancel|retry|continue</c>. Each may be given again with the same effect.</summary>
internal static class StudyActionCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Action("pause", "Holds a study and its runs and evaluations back until it is resumed.", WorkAction.Pause);
        yield return Action("cancel", "Stops a study and what it has under way; `study retry` goes on with it.", WorkAction.Cancel);
        yield return Working("resume", "Lets a paused study, and all its paused runs and evaluations, go on.", WorkAction.Resume);
        yield return Working("retry", "Tries again what failed or was cancelled of a study, keeping what is done.", WorkAction.Retry);
        var steps = RunActionCommands.StepsOption();
        var more = new Command(
            "continue",
            "Trains all runs of a completed study on until they have --steps steps in all, evaluates them again, beside the evaluations there are, and builds the comparison anew. Learning rates stay where their schedule ends.");
        more.Options.Add(steps);
        yield return Working(more, WorkAction.Continue, steps);
    }

    private static Command Action(string name, string description, WorkAction action)
    {
        var id = LabCommands.StudyArgument();
        var command = new Command(name, description) { id };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result, session => ActAsync(session, result.GetValue(id)!, action, steps: 0, again: null, cancellation), works: false));
        return command;
    }

    private static Command Working(string name, string description, WorkAction action) => Working(new Command(name, description), action, steps: null);

    private static Command Working(Command command, WorkAction action, Option<int>? steps)
    {
        var id = LabCommands.StudyArgument();
        var wait = RunActionCommands.WaitOption();
        command.Arguments.Add(id);
        command.Options.Add(wait);
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => ActAsync(
                session,
                result.GetValue(id)!,
                action,
                steps is null ? 0 : result.GetValue(steps),
                result.GetValue(wait) ? $"study resume {result.GetValue(id)} --wait" : null,
                cancellation),
            works: result.GetValue(wait)));
        return command;
    }

    private static async Task<int> ActAsync(LabSession session, string id, WorkAction action, int steps, string? again, CancellationToken cancellation)
    {
        var view = await session.Lab.ActOnStudyAsync(action, id, steps, cancellation);
        if (again is not null)
        {
            return await StudyCommands.WorkAsync(session, id, again, cancellation);
        }

        AnsiConsole.WriteLine($"{id}: {view.Stage.ToString().ToLowerInvariant()}{(view.Paused ? ", paused" : "")}, {view.Specification!.Training.Steps} steps. {view.Message}".TrimEnd());
        return 0;
    }
}
