using System.CommandLine;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Commands;

/// <summary>The command line. Without a command the silo serves the dashboard.</summary>
internal static class LabCommands
{
    public static Option<string?> Data { get; } = new("--data") { Description = "The folder of everything that the lab keeps (default: data).", Recursive = true };

    public static Option<int?> Devices { get; } = new("--devices") { Description = "Pieces of work done at a time (default: one per core).", Recursive = true };

    /// <summary>The environment variable of the sign-in token: other users of the machine can read a command's arguments, and not that.</summary>
    public const string TokenVariable = "SLUNGORLEANS_TOKEN";

    public static Option<string?> Server { get; } = new("--server")
    {
        Description = "Ask the lab that runs at this address, for example http://127.0.0.1:5080, instead of one in this process.",
        Recursive = true,
    };

    public static Option<string?> Token { get; } = new("--token")
    {
        Description = $"With --server: the sign-in token, if the lab asks for one (default: the environment variable {TokenVariable}).",
        Recursive = true,
    };

    /// <summary>Which run a command is about.</summary>
    public static Argument<string> RunArgument() => new("run") { Description = "The run's id, as `run list` shows it." };

    /// <summary>Which study a command is about.</summary>
    public static Argument<string> StudyArgument() => new("study") { Description = "The study's name." };

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
        root.Options.Add(Server);
        root.Options.Add(Token);
        root.Validators.Add(result =>
        {
            if (result.GetResult(Server) is not null && ReferenceEquals(result, result.GetResult(root)) && !result.Children.OfType<System.CommandLine.Parsing.CommandResult>().Any())
            {
                result.AddError("--server names a lab that runs already; a command that asks it is expected, for example `study list`.");
            }
        });
        root.SetAction((result, cancellation) => ServeCommand.RunAsync(() => LabHost.CreateServer(LabSession.SettingsOf(result), result.GetValue(url)), cancellation));
#if USE_ORLEANS
        var dashboard = new Command("dashboard", "Serves the dashboard of a cluster without being a silo of it.");
        dashboard.SetAction((result, cancellation) => ServeCommand.RunAsync(() => LabHost.CreateDashboard(LabSession.SettingsOf(result), result.GetValue(url)), cancellation));
        root.Subcommands.Add(dashboard);
#endif
        return root;
    }
}
