using System.CommandLine;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Api;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>study run|estimate|list|show|export|report|import|pause|resume|cancel|retry|continue</c>.</summary>
internal static class StudyCommands
{
    public static Command Create()
    {
        var command = new Command("study", "Run, estimate, list, show, export, import and steer studies.") { Run(), StudyEstimateCommand.Create(), List(), Show() };
        foreach (var action in StudyArchiveCommands.Create().Concat(StudyActionCommands.Create()))
        {
            command.Add(action);
        }

        return command;
    }

    private static Command Run()
    {
        var file = new Argument<string>("file") { Description = "The study, as YAML." };
        var command = new Command("run", "Runs a study to its end, or goes on with it if it was interrupted. Ctrl+C stops; what is done is kept.") { file };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => RunAsync(session, result.GetValue(file)!, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(LabSession session, string path, CancellationToken cancellation)
    {
        var yaml = await ReadAsync(path, cancellation);
        if (session.IsHere)
        {
            await StudyEstimateCommand.ShowAsync(session, path, yaml, devices: null, alwaysTry: false, cancellation);
        }

        StudyView study;
        try
        {
            study = await Watching.AnsweredAsync(session, stop => session.Lab.LaunchAsync(yaml, stop), cancellation);
        }
        catch (RequestFault fault) when (fault.Kind == FaultKind.Invalid)
        {
            throw new LabException(string.Join(Environment.NewLine, fault.Faults.Select(line => $"{path}: {line}")));
        }

        return await WorkAsync(session, study.Id, $"study run {path}", cancellation);
    }

    /// <summary>A study's text.</summary>
    /// <exception cref="LabException">There is no such file.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellation) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, cancellation) : throw new LabException($"There is no file '{path}'.");

    /// <summary>Does a study's work until it has ended, then shows it.</summary>
    /// <param name="session">A session that works.</param>
    /// <param name="id">The study.</param>
    /// <param name="again">The command that goes on with it.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <exception cref="LabException">It failed or was cancelled.</exception>
    public static async Task<int> WorkAsync(LabSession session, string id, string again, CancellationToken cancellation)
    {
        var view = await session.WaitAsync(stop => StudyProgressDisplay.WatchAsync(session, id, stop), cancellation);
        if (cancellation.IsCancellationRequested)
        {
            ErrorConsole.WriteLine(session.IsElsewhere
                ? $"No longer watched; the study goes on {session.Elsewhere}. `study show {id}` says how it stands."
                : $"Interrupted. `{again}` goes on from the last checkpoints.");
            return 130;
        }

        if (StudyProgressDisplay.IsHeldBack(view))
        {
            throw new LabException($"All that is left of study '{id}' is paused; `study resume {id} --wait` goes on with it.");
        }

        if (view.Stage != StudyStage.Completed)
        {
            throw new LabException($"Study '{id}' {view.Stage.ToString().ToLowerInvariant()}: {view.Message}");
        }

        var shown = await Watching.AnsweredAsync(session, stop => ShowAsync(session, id, stop), cancellation);
        var failed = view.Runs.Where(run => run.Message.Length > 0).ToList();
        return failed.Count == 0 ? shown : throw new LabException(
            $"Of {view.Runs.Length} runs of study '{id}', {failed.Count} failed or could not be evaluated, so it has no verdict. {failed[0].Id}: {failed[0].Message}");
    }

    private static Command List()
    {
        var command = new Command("list", "Lists studies, newest first.");
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ListAsync(session, cancellation), works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session, CancellationToken cancellation)
    {
        var studies = await session.Lab.ListStudiesAsync(cancellation);
        var table = Tables.Create("study", "stage", "arms", "seeds", "runs", "launched", "");
        foreach (var study in studies)
        {
            Tables.AddRow(
                table, study.Id, study.Stage.ToString().ToLowerInvariant(), string.Join(" ", study.Arms), $"{study.Seeds}", $"{study.RunsDone}/{study.Runs}",
                $"{study.Launched.ToLocalTime():yyyy-MM-dd HH:mm}", study.Message);
        }

        AnsiConsole.Write(table);
        return 0;
    }

    private static Command Show()
    {
        var name = LabCommands.StudyArgument();
        var command = new Command("show", "Shows where a study stands, and its comparison once there is one.") { name };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ShowAsync(session, result.GetValue(name)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> ShowAsync(LabSession session, string id, CancellationToken cancellation)
    {
        var view = await session.Lab.GetStudyAsync(id, cancellation);
        var runs = await session.Lab.ListRunsAsync(view, cancellation);
        var json = await session.Lab.ReadComparisonAsync(id, cancellation);
        Tables.WriteRuns(runs);
        if (json is { } comparison)
        {
            ComparisonDisplay.Write(ComparisonJson.Read(comparison));
        }
        else
        {
            AnsiConsole.WriteLine($"Study '{id}' is {view.Stage.ToString().ToLowerInvariant()}; there is no comparison yet. {view.Message}");
        }

        return view.Stage == StudyStage.Failed ? 1 : 0;
    }
}
