using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace EmbeddedOrleans.Tests.Embedded;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grains-").FullName;

    private string DatabasePath => Path.Combine(_folder, "grains.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WriteStateAsync_Returned_IsCommittedToTheFile()
    {
        await using var host = await StartAsync();

        await host.Grains.GetGrain<INotebookGrain>("a").WriteAsync(new() { Title = "committed" });

        Assert.Contains("\"Title\":\"committed\"", (string)Sql("SELECT payload FROM grain_state WHERE grain_id = 'notebook/a' AND name = 'notebook'")!);
    }

    [Fact]
    public async Task State_OfAnotherVersion_KeepsInitialisersAndIgnoresUnknownMembers()
    {
        await using (await StartAsync())
        {
        }

        Sql("INSERT INTO grain_state VALUES ('notebook/old', 'notebook', 7, '{\"Title\":\"old\",\"Added later\":{\"x\":[1]},\"Mood\":0}')");
        await using var host = await StartAsync();
        var stored = await host.Grains.GetGrain<INotebookGrain>("old").GetAsync();

        Assert.Equal(("old", Mood.Calm, 3L), (stored.State.Title, stored.State.Mood, stored.State.Copies));
        Assert.True(stored.State.Pages.IsEmpty);
        Assert.Equal("7", stored.Etag);
    }

    [Fact]
    public async Task State_ThatCannotBeRead_NamesTheGrainAndTheState()
    {
        await using (await StartAsync())
        {
        }

        Sql("INSERT INTO grain_state VALUES ('notebook/odd', 'notebook', 1, '{\"Copies\":\"many\"}')");
        await using var host = await StartAsync();

        var exception = await Assert.ThrowsAsync<OrleansException>(host.Grains.GetGrain<INotebookGrain>("odd").GetAsync);
        Assert.StartsWith("The state 'notebook' of notebook/odd could not be read: ", exception.Message);
        Assert.Contains("$.Copies", exception.Message);
    }

    [Fact]
    public async Task WriteStateAsync_ChangedByAnotherWriter_ThrowsAndDeactivatesTheGrain()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<INotebookGrain>("contested");
        await grain.WriteAsync(new() { Title = "mine" });
        Sql("UPDATE grain_state SET version = version + 1, payload = '{\"Title\":\"theirs\"}' WHERE grain_id = 'notebook/contested'");

        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync(new() { Title = "mine again" }));

        Assert.Equal(("2", "1"), (exception.StoredEtag, exception.CurrentEtag));
        await host.Probe.WaitForAsync("notebook deactivated: ApplicationError");
        Assert.Equal("theirs", (await grain.GetAsync()).State.Title);
        await grain.WriteAsync(new() { Title = "mine at last" });
    }

    [Fact]
    public async Task WriteStateAsync_FirstWriteWhereARecordAppeared_Throws()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<INotebookGrain>("late");
        await grain.GetAsync();
        Sql("INSERT INTO grain_state VALUES ('notebook/late', 'notebook', 1, '{}')");

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync(new() { Title = "mine" }));
    }

    [Fact]
    public async Task Start_FileOfAnotherFormat_IsRefused()
    {
        await using (await StartAsync())
        {
        }

        Sql("PRAGMA user_version = 99");
        var newer = await Assert.ThrowsAsync<OrleansConfigurationException>(StartAsync);
        Assert.Contains("has the format 99; expected 1", newer.Message);

        File.WriteAllText(DatabasePath, new string('x', 5000));
        var noDatabase = await Assert.ThrowsAsync<OrleansConfigurationException>(StartAsync);
        Assert.Contains(DatabasePath, noDatabase.Message);
    }

    private Task<GrainHost> StartAsync() => GrainHost.StartAsync(databasePath: DatabasePath);

    // Another writer, past the host.
    private object? Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
