using System.CommandLine;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>study pause|resume|cancel|retry|continue</c>. Each may be given again with the same effect.</summary>
internal static class StudyActionCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Action("pause", "Holds a study and its runs and evaluations back until it is resumed.", study => study.PauseAsync());
        yield return Action("cancel", "Stops a study and what it has under way; `study retry` goes on with it.", study => study.CancelAsync());
        yield return Working("resume", "Lets a paused study, and all its paused runs and evaluations, go on.", study => study.ResumeAsync());
        yield return Working("retry", "Tries again what failed or was cancelled of a study, keeping what is done.", study => study.RetryAsync());
        var steps = RunActionCommands.StepsOption();
        var more = new Command(
            "continue",
            "Trains all runs of a completed study on until they have --steps steps in all, evaluates them again, beside the evaluations there are, and builds the comparison anew. Learning rates stay where their schedule ends.");
        more.Options.Add(steps);
        yield return Working(more, (result, study) => study.ContinueAsync(result.GetValue(steps)));
    }

    private static Command Action(string name, string description, Func<IStudyGrain, Task<StudyView>> act)
    {
        var id = StudyArgument();
        var command = new Command(name, description) { id };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result, session => ActAsync(session, name, result.GetValue(id)!, act, again: null, cancellation), works: false));
        return command;
    }

    private static Command Working(string name, string description, Func<IStudyGrain, Task<StudyView>> act) => Working(new Command(name, description), (_, study) => act(study));

    private static Command Working(Command command, Func<ParseResult, IStudyGrain, Task<StudyView>> act)
    {
        var id = StudyArgument();
        var wait = RunActionCommands.WaitOption();
        command.Arguments.Add(id);
        command.Options.Add(wait);
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => ActAsync(
                session,
                command.Name,
                result.GetValue(id)!,
                study => act(result, study),
                result.GetValue(wait) ? $"study resume {result.GetValue(id)} --wait" : null,
                cancellation),
            works: result.GetValue(wait)));
        return command;
    }

    private static async Task<int> ActAsync(LabSession session, string action, string id, Func<IStudyGrain, Task<StudyView>> act, string? again, CancellationToken cancellation)
    {
        await StudyCommands.GetAsync(session, id);
        var view = await session.DoAsync(action, "study", id, () => act(session.Grains.GetGrain<IStudyGrain>(id)));
        if (again is not null)
        {
            return await StudyCommands.WorkAsync(session, id, again, cancellation);
        }

        AnsiConsole.WriteLine($"{id}: {view.Stage.ToString().ToLowerInvariant()}{(view.Paused ? ", paused" : "")}, {view.Specification!.Training.Steps} steps. {view.Message}".TrimEnd());
        return 0;
    }

    private static Argument<string> StudyArgument() => new("study") { Description = "The study's name." };
}
