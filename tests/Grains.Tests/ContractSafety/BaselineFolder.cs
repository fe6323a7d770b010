namespace SlungOrleans.Grains.Tests.ContractSafety;

/// <summary>Where the baselines are, in the sources; what is missing there is added when a variable says so, and nothing in them is ever changed.</summary>
internal static class BaselineFolder
{
    public const string Advice =
        "If it is new, add it with `SLUNGORLEANS_BASELINE=add dotnet test tests/Grains.Tests --filter FullyQualifiedName~ContractSafety` and commit the files.";

    public static string Path { get; } = System.IO.Path.Combine(Root(), "tests", "Grains.Tests", "ContractSafety", "Baseline");

    public static bool IsToBeAddedTo { get; } = Environment.GetEnvironmentVariable("SLUNGORLEANS_BASELINE") switch
    {
        null or "" => false,
        "add" => true,
        var other => throw new InvalidOperationException($"SLUNGORLEANS_BASELINE is '{other}'; expected 'add' or nothing."),
    };

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SlungOrleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No SlungOrleans.sln above {AppContext.BaseDirectory}.");
    }
}
