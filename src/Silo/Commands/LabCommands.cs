using System.CommandLine;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Commands;

/// <summary>The command line. Without a command the silo serves the dashboard.</summary>
internal static class LabCommands
{
    public static Option<string?> Data { get; } = new("--data") { Description = "The folder of everything that the lab keeps (default: data).", Recursive = true };

    public static Option<int?> Devices { get; } = new("--devices") { Description = "Pieces of work done at a time (default: one per core).", Recursive = true };

    public static RootCommand Create()
    {
        var url = new Option<string?>("--url") { Description = "Where the dashboard listens (default: http://127.0.0.1:5080).", Recursive = true };
        var root = new RootCommand("SlungOrleans: what does a model learn, and say, when high-risk text is filtered, kept, or kept out of the loss?")
        {
            StudyCommands.Create(),
            CorpusCommands.Create(),
            RunCommands.Create(),
            CheckpointCommands.Create(),
        };
        root.Options.Add(Data);
        root.Options.Add(Devices);
        root.Options.Add(url);
        root.SetAction((result, cancellation) => ServeCommand.RunAsync(() => LabHost.CreateServer(LabSession.SettingsOf(result), result.GetValue(url)), cancellation));
#if USE_ORLEANS
        var dashboard = new Command("dashboard", "Serves the dashboard of a cluster without being a silo of it.");
        dashboard.SetAction((result, cancellation) => ServeCommand.RunAsync(() => LabHost.CreateDashboard(LabSession.SettingsOf(result), result.GetValue(url)), cancellation));
        root.Subcommands.Add(dashboard);
#endif
        return root;
    }
}
