using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Tests;

/// <summary>A lab in a folder of its own.</summary>
internal sealed class Lab : IAsyncDisposable
{
    /// <summary>What the database says when a state is written that <see cref="Break"/> named.</summary>
    public const string Broken = "the disk is broken";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"slungorleans-lab-{Guid.NewGuid():N}");
    private readonly List<string> _broken = [];
    private readonly IHost _host;

    private Lab(int devices) => _host = LabHost.CreateHeadless(new CommandSettings(_folder, devices));

    public IStudyArchives Archives => Get<IStudyArchives>();

    public static async Task<Lab> StartAsync(int devices = 0)
    {
        var lab = new Lab(devices);
        await lab._host.StartAsync();
        return lab;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task<StudyView> StudyAsync(string id) => Get<IGrainFactory>().GetGrain<IStudyGrain>(id).GetAsync();

    /// <summary>Launches a study and waits until it is completed.</summary>
    public async Task RunAsync(string yaml)
    {
        var reading = Get<IStudyLauncher>().Read(yaml);
        Assert.Empty(reading.Faults);
        var study = await Get<IStudyLauncher>().LaunchAsync(reading.Specification!);
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var view = await StudyAsync(study); view.Stage != StudyStage.Completed; view = await StudyAsync(study))
        {
            Assert.True(view.Stage is not (StudyStage.Failed or StudyStage.Cancelled), view.Message);
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public async Task<byte[]> ExportAsync(string study)
    {
        await using var archive = await Archives.ExportAsync(study);
        using var bytes = new MemoryStream();
        await archive.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public async Task<string> ImportAsync(byte[] archive)
    {
        using var stream = new MemoryStream(archive);
        return await Archives.ImportAsync(stream, "some/where/study.zip");
    }

    /// <summary>Names and lengths of all that is in the store, and files left in the lab's folder.</summary>
    public async Task<string[]> InventoryAsync()
    {
        var names = new List<string>(Directory.GetFiles(_folder, ".*.zip").Select(file => $"file {Path.GetFileName(file)}"));
        await foreach (var blob in Get<IBlobStore>().ListAsync("", CancellationToken.None))
        {
            names.Add($"{blob.Name} {blob.Length}");
        }

        return [.. names];
    }

    /// <summary>From now on, no state of this name can be written.</summary>
    public void Break(string state)
    {
        BreakOn("INSERT", state);
        BreakOn("UPDATE", state);
    }

    /// <summary>From now on, states of this name can be written once and not again.</summary>
    public void BreakSecondWriting(string state) => BreakOn("UPDATE", state);

    /// <summary>Takes <see cref="Break"/> and <see cref="BreakSecondWriting"/> back.</summary>
    public void Mend()
    {
        _broken.ForEach(trigger => Execute($"DROP TRIGGER {trigger};"));
        _broken.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void BreakOn(string writing, string state)
    {
        var trigger = $"broken_{writing}_{state}";
        Execute($"CREATE TRIGGER {trigger} BEFORE {writing} ON grain_state WHEN NEW.name = '{state}' BEGIN SELECT RAISE(ABORT, '{Broken}'); END;");
        _broken.Add(trigger);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "grains.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
