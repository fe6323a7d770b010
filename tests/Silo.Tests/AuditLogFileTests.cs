using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
        var log = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);

        Assert.Empty(await log.ReadAsync(10, default));
    }

    [Fact]
    public async Task Add_ThenRestart_IsReadNewestFirst()
    {
        await new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance).AddAsync("ada", "launch", "study", "study-a", null);

        var log = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);
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
        var log = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);
        await log.AddAsync("ada", "launch", "study", "study-a", null);
        await File.AppendAllTextAsync(FilePath, "{\"time\":\"2026-01-01T00:0");

        await log.AddAsync("ada", "cancel", "study", "study-a", null);

        Assert.Equal(["cancel", "launch"], (await log.ReadAsync(10, default)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task Add_ManyAtATime_LosesNone()
    {
        var log = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(index => log.AddAsync("ada", "pause", "run", $"run-{index}", null)));

        Assert.Equal(50, (await log.ReadAsync(100, default)).Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task Add_TwoLogsOnOneFile_LosesAndTearsNone()
    {
        // As two processes on one data folder: neither knows of the other.
        var one = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);
        var other = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(index => Task.Run(() => (index % 2 == 0 ? one : other).AddAsync("ada", "pause", "run", $"run-{index}", null))));

        var ids = File.ReadAllLines(FilePath).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString());
        Assert.Equal(Enumerable.Range(0, 2000).Select(index => $"run-{index}").Order(), ids.Order());
    }

    [Fact]
    public async Task Do_WorkFails_IsAskedForAndRefused()
    {
        var log = new AuditLogFile(FilePath, TimeProvider.System, NullLogger<AuditLogFile>.Instance);

        await Assert.ThrowsAsync<LabException>(() => log.DoAsync("ada", "launch", "study", "study-a", () => throw new LabException("The name is taken.")));

        Assert.Equal(["The name is taken.", null], (await log.ReadAsync(10, default)).Select(entry => entry.Refusal));
    }

    [Fact]
    public async Task Do_WorkFailsAndSoDoesTheLog_SaysWhyTheWorkFailed()
    {
        var told = new ToldLogger();
        var log = new AuditLogFile(FilePath, TimeProvider.System, told);

        var fault = await Assert.ThrowsAsync<LabException>(() => log.DoAsync("ada", "launch", "study", "study-a", () =>
        {
            // A folder in the log's place: nothing can be written any more.
            File.Delete(FilePath);
            Directory.CreateDirectory(FilePath);
            throw new LabException("The name is taken.");
        }));

        Assert.Equal("The name is taken.", fault.Message);
        Assert.Contains("lost: ada, launch study study-a, refusal: The name is taken.", Assert.Single(told.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Do_LogCannotBeWritten_IsNotDone()
    {
        var log = new AuditLogFile(Path.Combine(_folder.FullName, "missing", "audit.jsonl"), TimeProvider.System, NullLogger<AuditLogFile>.Instance);
        var done = false;

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => log.DoAsync("ada", "cancel", "study", "study-a", () =>
        {
            done = true;
            return Task.CompletedTask;
        }));

        Assert.False(done);
    }

    private sealed class ToldLogger : ILogger<AuditLogFile>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
