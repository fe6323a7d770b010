namespace SlungOrleans.EndToEnd.Exports;

/// <summary>One study for all tests of exports.</summary>
[CollectionDefinition(CompletedStudy.Collection)]
public sealed class ExportTests : ICollectionFixture<CompletedStudy>;

/// <summary>A small study that the real silo has run to its end, and its archive.</summary>
public sealed class CompletedStudy : IAsyncLifetime
{
    public const string Collection = "exports";
    public const string Name = "sent";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The data of the lab that ran it.</summary>
    public string Data => Path.Combine(_folder.Path, "data");

    /// <summary>What <c>study export</c> wrote.</summary>
    public string Archive => Path.Combine(_folder.Path, "sent.zip");

    /// <summary>What <c>study report</c> wrote.</summary>
    public string Report => Path.Combine(_folder.Path, "sent.html");

    public async Task InitializeAsync()
    {
        await RunAsync("study", "run", _folder.Write("sent.yaml", SmallStudy.Yaml(Name, seeds: "[0, 1, 2]")));
        await RunAsync("study", "export", Name, "--to", Archive);
        await RunAsync("study", "report", Name, "--to", Report);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private async Task RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await SiloProcess.RunAsync(Data, arguments);
        Assert.True(exitCode == 0, output);
    }
}
