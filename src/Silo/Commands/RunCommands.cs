using System.CommandLine;
using System.Globalization;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run list|show|verify</c>.</summary>
internal static class RunCommands
{
    public static Command Create() => new("run", "List, show and verify runs.") { List(), Show(), Verify() };

    /// <summary>What the verifications of a study's completed runs came to, by the runs' ids.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> VerdictsAsync(LabSession session, StudyView study)
    {
        var verdicts = new Dictionary<string, string>();
        foreach (var run in study.Runs.Where(run => run.State == WorkState.Completed))
        {
            if ((await session.Grains.GetGrain<ITrainingRunGrain>(run.Id).GetAsync()).Certificate is { } certificate)
            {
                verdicts[run.Id] = certificate.Verdict;
            }
        }

        return verdicts;
    }

    private static Command List()
    {
        var study = new Option<string?>("--study") { Description = "Only this study's runs." };
        var command = new Command("list", "Lists runs.") { study };
        command.SetAction((result, _) => LabSession.RunAsync(result, session => ListAsync(session, result.GetValue(study)), works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session, string? only)
    {
        var studies = await session.Grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync();
        if (only is not null && studies.All(study => study.Id != only))
        {
            throw new LabException($"There is no study '{only}'.");
        }

        foreach (var study in studies.Where(study => only is null || study.Id == only))
        {
            AnsiConsole.WriteLine(study.Id);
            var view = await session.Grains.GetGrain<IStudyGrain>(study.Id).GetAsync();
            Tables.WriteRuns(view, await VerdictsAsync(session, view));
        }

        return 0;
    }

    private static Command Show()
    {
        var name = new Argument<string>("run") { Description = "The run's id, as `run list` shows it." };
        var command = new Command("show", "Shows where a run stands, its checkpoints and its resume certificate.") { name };
        command.SetAction((result, _) => LabSession.RunAsync(result, session => ShowAsync(session, result.GetValue(name)!), works: false));
        return command;
    }

    private static async Task<int> ShowAsync(LabSession session, string id)
    {
        var run = await session.Grains.GetGrain<ITrainingRunGrain>(Identifiers.Ensure(id, "run")).GetAsync();
        if (run.Specification is not { } specification)
        {
            throw new LabException($"There is no run '{id}'.");
        }

        var training = run.Training;
        AnsiConsole.WriteLine($"{id}: {training.State.ToString().ToLowerInvariant()}, step {training.Progress.Done}/{specification.Training.Steps}. {training.Message}".TrimEnd());
        var table = Tables.Create("step", "attempt", "bytes", "SHA-256 of the weights");
        foreach (var checkpoint in await session.Artefacts.ReadCheckpointsAsync(id))
        {
            Tables.AddRow(table, $"{checkpoint.Step}", $"{checkpoint.Epoch}", checkpoint.Bytes.ToString("N0", CultureInfo.InvariantCulture), checkpoint.Hash);
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(run.Certificate is { } certificate
            ? $"Resume certificate: {certificate.Verdict}. {certificate.Message}"
            : $"Resume certificate: none; `run verify {id}` makes one.");
        return 0;
    }

    private static Command Verify()
    {
        var name = new Argument<string>("run") { Description = "The run's id, as `run list` shows it." };
        var command = new Command("verify", "Replays a completed run's last steps from the checkpoint before its last, and compares weights and losses. Exit code 0 if they are the same bits.") { name };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => VerifyAsync(session, result.GetValue(name)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> VerifyAsync(LabSession session, string id, CancellationToken cancellation)
    {
        var certificate = await session.Verifier.VerifyAsync(id, Environment.ProcessorCount, cancellation);
        AnsiConsole.WriteLine($"{id}: {certificate.Verdict}. {certificate.Message}");
        return certificate.Verdict == "identical" ? 0 : 1;
    }
}
