using System.CommandLine;
using System.Globalization;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run list|show|metrics|verify|export|pause|resume|cancel|retry|continue</c>.</summary>
internal static class RunCommands
{
    public static Command Create()
    {
        var command = new Command("run", "List, show, verify, export and steer runs.") { List(), Show(), RunMetricsCommand.Create(), Verify(), RunExportCommand.Create() };
        foreach (var action in RunActionCommands.Create())
        {
            command.Add(action);
        }

        return command;
    }

    private static Command List()
    {
        var study = new Option<string?>("--study") { Description = "Only this study's runs." };
        var command = new Command("list", "Lists runs.") { study };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ListAsync(session, result.GetValue(study), cancellation), works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session, string? only, CancellationToken cancellation)
    {
        var studies = await session.Lab.ListStudiesAsync(cancellation);
        if (only is not null && studies.All(study => study.Id != only))
        {
            throw new LabException($"There is no study '{only}'.");
        }

        foreach (var study in studies.Where(study => only is null || study.Id == only))
        {
            AnsiConsole.WriteLine(study.Id);
            Tables.WriteRuns(await session.Lab.ListRunsAsync(await session.Lab.GetStudyAsync(study.Id, cancellation), cancellation));
        }

        return 0;
    }

    private static Command Show()
    {
        var name = LabCommands.RunArgument();
        var command = new Command("show", "Shows where a run stands, its attempts and what they lost, its checkpoints and its resume certificate.") { name };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ShowAsync(session, result.GetValue(name)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> ShowAsync(LabSession session, string id, CancellationToken cancellation)
    {
        var run = await session.Lab.GetRunAsync(id, cancellation);
        AnsiConsole.WriteLine(LineOf(run));
        Tables.WriteAttempts(run.Training, run.Specification!);
        var table = Tables.Create("step", "attempt", "bytes", "SHA-256 of the weights");
        foreach (var checkpoint in await session.Lab.ListCheckpointsAsync(id, cancellation))
        {
            Tables.AddRow(table, $"{checkpoint.Step}", $"{checkpoint.Epoch}", checkpoint.Bytes.ToString("N0", CultureInfo.InvariantCulture), checkpoint.Hash);
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(run.Certificate is { } certificate
            ? $"Resume certificate: {certificate.Verdict}. {certificate.Message}"
            : $"Resume certificate: none; `run verify {id}` makes one.");
        return 0;
    }

    /// <summary>Where a run stands, in a line.</summary>
    public static string LineOf(RunView run)
    {
        var training = run.Training;
        var due = training.NotBefore is { } time ? $" It is tried again at {time.ToLocalTime():HH:mm:ss}." : "";
        return $"{run.Id}: {training.State.ToString().ToLowerInvariant()}, step {training.Progress.Done}/{run.Specification!.Training.Steps}. {training.Message}{due}".TrimEnd();
    }

    private static Command Verify()
    {
        var name = LabCommands.RunArgument();
        var command = new Command("verify", "Replays a completed run's last steps from the checkpoint before its last, and compares weights and losses. Exit code 0 if they are the same bits.") { name };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => VerifyAsync(session, result.GetValue(name)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> VerifyAsync(LabSession session, string id, CancellationToken cancellation)
    {
        var certificate = await session.Lab.CertifyAsync(id, cancellation);
        AnsiConsole.WriteLine($"{id}: {certificate.Verdict}. {certificate.Message}");
        return certificate.Verdict == "identical" ? 0 : 1;
    }
}
