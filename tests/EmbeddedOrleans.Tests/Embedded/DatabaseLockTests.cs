using System.Diagnostics;

namespace EmbeddedOrleans.Tests.Embedded;

public sealed class DatabaseLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grains-").FullName;

    private string DatabasePath => Path.Combine(_folder, "grains.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_SecondHostOfTheSameProcess_IsRefused()
    {
        await using var first = await GrainHost.StartAsync(databasePath: DatabasePath);
        await using var second = GrainHost.Build(databasePath: Path.Combine(_folder, ".", "grains.db"));

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(second.StartAsync);

        Assert.Contains($"The database '{DatabasePath}' is in use by process {Environment.ProcessId} ", exception.Message);
        await first.Grains.GetGrain<ILivelyGrain>("unharmed").ActivationAsync();
    }

    [Fact]
    public async Task Start_WhileAnotherProcessHasTheDatabase_IsRefusedUntilThatIsKilled()
    {
        using var other = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(GrainHost).Assembly.Location, DatabasePath])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("ready", await other.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));

            var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => GrainHost.StartAsync(databasePath: DatabasePath));
            Assert.Contains($"is in use by process {other.Id} (dotnet) on {Environment.MachineName}", exception.Message);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }

        await using var host = await GrainHost.StartAsync(databasePath: DatabasePath);
        Assert.Equal("written before the kill", (await host.Grains.GetGrain<INotebookGrain>("of the other process").GetAsync()).State.Title);
    }
}
