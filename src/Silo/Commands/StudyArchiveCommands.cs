using System.CommandLine;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Api;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>study export|report|import</c>: studies as files.</summary>
internal static class StudyArchiveCommands
{
    public static IEnumerable<Command> Create() => [Export(), Report(), Import()];

    private static Command Export()
    {
        var (name, file) = (LabCommands.StudyArgument(), To("zip"));
        var command = new Command("export", "Writes all of a completed study as one zip archive: every point, seed, test and generation, lineage, audit, report. `study import` reads it.") { name, file };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => WriteAsync(result.GetValue(name)!, result.GetValue(file), "zip", () => session.Lab.ExportAsync(result.GetValue(name)!, cancellation), cancellation),
            works: false));
        return command;
    }

    private static Command Report()
    {
        var (name, file) = (LabCommands.StudyArgument(), To("html"));
        var command = new Command("report", "Writes a completed study as one HTML page that opens offline.") { name, file };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => WriteAsync(
                result.GetValue(name)!,
                result.GetValue(file),
                "html",
                () => session.Lab.ReportAsync(result.GetValue(name)!, cancellation),
                cancellation),
            works: false));
        return command;
    }

    private static Command Import()
    {
        var files = new Argument<string[]>("files") { Description = "Archives that `study export` wrote.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("import", "Takes in studies that another lab has exported: to be looked at, compared and exported, and never run.") { files };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ImportAsync(session, result.GetValue(files)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> WriteAsync(string study, string? to, string ending, Func<Task<Stream>> make, CancellationToken cancellation)
    {
        var name = $"{Identifiers.Ensure(study, "study")}.{ending}";
        var path = to is null ? name : Directory.Exists(to) ? Path.Combine(to, name) : to;
        OutputFile.EnsureFolder(path);
        await using var content = await make();
        await OutputFile.WriteAsync(path, content, cancellation);
        return 0;
    }

    private static async Task<int> ImportAsync(LabSession session, string[] paths, CancellationToken cancellation)
    {
        foreach (var path in paths)
        {
            await ImportAsync(session, path, cancellation);
        }

        return 0;
    }

    /// <exception cref="LabException">What is wrong with the file; those before it are imported.</exception>
    private static async Task ImportAsync(LabSession session, string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new LabException($"There is no file '{path}'.");
        }

        try
        {
            var study = await Watching.AnsweredAsync(session, stop => SendAsync(session, path, stop), cancellation);
            AnsiConsole.WriteLine($"Imported study '{study}'. `study show {study}` shows its comparison; it cannot be run here.");
        }
        catch (Exception exception) when (exception is LabException or RequestFault { Kind: not FaultKind.Unavailable })
        {
            throw new LabException($"{path}: {exception.Message}");
        }
    }

    private static async Task<string> SendAsync(LabSession session, string path, CancellationToken cancellation)
    {
        await using var archive = File.OpenRead(path);
        return await session.Lab.ImportStudyAsync(archive, Path.GetFileName(path), cancellation);
    }

    private static Option<string?> To(string ending) => new("--to") { Description = $"The file to write, or the folder to write it to (default: NAME.{ending} in the working folder)." };
}
