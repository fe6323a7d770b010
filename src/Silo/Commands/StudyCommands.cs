using System.CommandLine;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Hosting;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>study run|estimate|list|show|export|pause|resume|cancel|retry|continue</c>.</summary>
internal static class StudyCommands
{
    public static Command Create()
    {
        var command = new Command("study", "Run, estimate, list, show, export and steer studies.") { Run(), StudyEstimateCommand.Create(), List(), Show(), Export() };
        foreach (var action in StudyActionCommands.Create())
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
        var specification = await ReadAsync(session, path, cancellation);
        await StudyEstimateCommand.ShowAsync(session, specification, session.Devices, alwaysTry: false, cancellation);
        await session.DoAsync("launch", "study", specification.Name, () => session.Launcher.LaunchAsync(specification));
        return await WorkAsync(session, specification.Name, $"study run {path}", cancellation);
    }

    /// <summary>Reads a study from a file.</summary>
    /// <exception cref="LabException">There is no such file, or the study has faults; the message lists them.</exception>
    public static async Task<StudySpecification> ReadAsync(LabSession session, string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new LabException($"There is no file '{path}'.");
        }

        var reading = session.Launcher.Read(await File.ReadAllTextAsync(path, cancellation));
        return reading.Specification is { } specification && reading.Faults.IsEmpty
            ? specification
            : throw new LabException(string.Join(Environment.NewLine, reading.Faults.Select(fault => $"{path}: {fault}")));
    }

    /// <summary>Does a study's work until it has ended, then shows it.</summary>
    /// <param name="session">A session that works.</param>
    /// <param name="id">The study.</param>
    /// <param name="again">The command that goes on with it.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <exception cref="LabException">It failed or was cancelled.</exception>
    public static async Task<int> WorkAsync(LabSession session, string id, string again, CancellationToken cancellation)
    {
        var study = session.Grains.GetGrain<IStudyGrain>(id);
        var view = await session.WaitAsync(stop => StudyProgressDisplay.WatchAsync(study, stop), cancellation);
        if (cancellation.IsCancellationRequested)
        {
            ErrorConsole.WriteLine(GrainHosting.IsCluster
                ? $"No longer watched; the study goes on in the cluster. `study show {id}` says how it stands."
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

        return await ShowAsync(session, id);
    }

    private static Command List()
    {
        var command = new Command("list", "Lists studies, newest first.");
        command.SetAction((result, _) => LabSession.RunAsync(result, ListAsync, works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session)
    {
        var studies = await session.Grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync();
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
        var name = new Argument<string>("study") { Description = "The study's name." };
        var command = new Command("show", "Shows where a study stands, and its comparison once there is one.") { name };
        command.SetAction((result, _) => LabSession.RunAsync(result, session => ShowAsync(session, result.GetValue(name)!), works: false));
        return command;
    }

    private static async Task<int> ShowAsync(LabSession session, string id)
    {
        var view = await GetAsync(session, id);
        Tables.WriteRuns(view, await RunCommands.VerdictsAsync(session, view));
        if (await ReadComparisonAsync(session, id) is { } comparison)
        {
            ComparisonDisplay.Write(comparison);
        }
        else
        {
            AnsiConsole.WriteLine($"Study '{id}' is {view.Stage.ToString().ToLowerInvariant()}; there is no comparison yet. {view.Message}");
        }

        return view.Stage == StudyStage.Failed ? 1 : 0;
    }

    private static Command Export()
    {
        var name = new Argument<string>("study") { Description = "The study's name." };
        var folder = new Option<string>("--to") { Description = "The folder to write to (default: the working folder).", DefaultValueFactory = _ => "." };
        var command = new Command("export", "Writes a study's comparison as JSON and as one self-contained HTML page.") { name, folder };
        command.SetAction((result, _) => LabSession.RunAsync(result, session => ExportAsync(session, result.GetValue(name)!, result.GetValue(folder)!), works: false));
        return command;
    }

    private static async Task<int> ExportAsync(LabSession session, string id, string folder)
    {
        await GetAsync(session, id);
        var json = await session.Artefacts.ReadTextAsync(ArtefactNames.Comparison(id)) ?? throw new LabException($"Study '{id}' has no comparison yet.");
        var html = await session.Artefacts.ReadTextAsync(ArtefactNames.Report(id)) ?? throw new LabException($"Study '{id}' has no report yet.");
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in new[] { ($"{id}.json", json), ($"{id}.html", html) })
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, text);
            AnsiConsole.WriteLine(path);
        }

        return 0;
    }

    public static async Task<StudyView> GetAsync(LabSession session, string id)
    {
        Identifiers.Ensure(id, "study");
        var view = await session.Grains.GetGrain<IStudyGrain>(id).GetAsync();
        return view.Specification is null ? throw new LabException($"There is no study '{id}'.") : view;
    }

    private static async Task<Comparison?> ReadComparisonAsync(LabSession session, string id) =>
        await session.Artefacts.ReadTextAsync(ArtefactNames.Comparison(id)) is { } json ? ComparisonJson.Read(json) : null;
}
