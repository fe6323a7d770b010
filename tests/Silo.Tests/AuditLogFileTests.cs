using SlungOrleans.Contracts;
using SlungOrleans.Silo.Artefacts;

namespace SlungOrleans.Silo.Tests;

public sealed class AuditLogFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("audit-log-");

    private string FilePath => Path.Combine(_folder.FullName, "audit.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Read_NothingAdded_IsEmpty()
    {
        using var log = new AuditLogFile(FilePath, TimeProvider.System);

        Assert.Empty(await log.ReadAsync(10, default));
    }

    [Fact]
    public async Task Add_ThenRestart_IsReadNewestFirst()
    {
        using (var before = new AuditLogFile(FilePath, TimeProvider.System))
        {
            await before.AddAsync("ada", "launch", "study", "study-a", null);
        }

        using var log = new AuditLogFile(FilePath, TimeProvider.System);
        await log.AddAsync("line\nbreak \"quoted\"", "cancel", "run", "run-a", null);
        await log.AddAsync("grace", "delete", "checkpoint", "run-a", "It is pinned.");

        var entries = await log.ReadAsync(2, default);
        Assert.Equal([("grace", "delete", "It is pinned."), ("line\nbreak \"quoted\"", "cancel", null)], entries.Select(entry => (entry.Who, entry.Action, entry.Refusal)));
        Assert.Equal(3, File.ReadAllLines(FilePath).Length);
        Assert.InRange(DateTimeOffset.UtcNow - entries[0].Time, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Add_AfterATornLine_StartsALine()
    {
        using var log = new AuditLogFile(FilePath, TimeProvider.System);
        await log.AddAsync("ada", "launch", "study", "study-a", null);
        await File.AppendAllTextAsync(FilePath, "{\"time\":\"2026-01-01T00:0");

        await log.AddAsync("ada", "cancel", "study", "study-a", null);

        Assert.Equal(["cancel", "launch"], (await log.ReadAsync(10, default)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task Add_ManyAtATime_LosesNone()
    {
        using var log = new AuditLogFile(FilePath, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(index => log.AddAsync("ada", "pause", "run", $"run-{index}", null)));

        Assert.Equal(50, (await log.ReadAsync(100, default)).Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task Do_WorkFails_IsAskedForAndRefused()
    {
        using var log = new AuditLogFile(FilePath, TimeProvider.System);

        await Assert.ThrowsAsync<LabException>(() => log.DoAsync("ada", "launch", "study", "study-a", () => throw new LabException("The name is taken.")));

        Assert.Equal(["The name is taken.", null], (await log.ReadAsync(10, default)).Select(entry => entry.Refusal));
    }

    [Fact]
    public async Task Do_LogCannotBeWritten_IsNotDone()
    {
        using var log = new AuditLogFile(Path.Combine(_folder.FullName, "missing", "audit.jsonl"), TimeProvider.System);
        var done = false;

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => log.DoAsync("ada", "cancel", "study", "study-a", () =>
        {
            done = true;
            return Task.CompletedTask;
        }));

        Assert.False(done);
    }
}
