using System.CommandLine;
using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run list</c>.</summary>
internal static class RunCommands
{
    public static Command Create()
    {
        var study = new Option<string?>("--study") { Description = "Only this study's runs." };
        var list = new Command("list", "Lists runs.") { study };
        list.SetAction((result, _) => LabSession.RunAsync(result, session => ListAsync(session, result.GetValue(study)), works: false));
        return new Command("run", "List runs.") { list };
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
            Tables.WriteRuns(await session.Grains.GetGrain<IStudyGrain>(study.Id).GetAsync());
        }

        return 0;
    }
}
