using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace EmbeddedOrleans.Tests;

/// <summary>Times of a host; null for its own.</summary>
public sealed record GrainHostTimes
{
    public TimeSpan? ResponseTimeout { get; init; }

    public TimeSpan? ActivationTimeout { get; init; }

    public TimeSpan? DeactivationTimeout { get; init; }

    public TimeSpan? CollectionAge { get; init; }

    public TimeSpan? MinimumReminderPeriod { get; init; }
}

/// <summary>The one place where the tests' grains get a host. The rest of the contract tests knows Orleans' API only.</summary>
public sealed class GrainHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly LogCollector _logs;
    private readonly string? _ownFolder;

    private GrainHost(IHost host, LogCollector logs, string databasePath, string? ownFolder)
    {
        _host = host;
        _logs = logs;
        DatabasePath = databasePath;
        _ownFolder = ownFolder;
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    public Probe Probe => _host.Services.GetRequiredService<Probe>();

    public string DatabasePath { get; }

    public IReadOnlyCollection<string> Logs => _logs.Lines;

    public static GrainHost Build(GrainHostTimes? times = null, string? databasePath = null)
    {
        var ownFolder = databasePath is null ? Directory.CreateTempSubdirectory("grains-").FullName : null;
        var path = databasePath ?? Path.Combine(ownFolder!, "grains.db");
        var logs = new LogCollector();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton<Probe>();
        builder.UseEmbeddedOrleans(options =>
        {
            options.DatabasePath = path;
            options.GrainAssemblies.Add(typeof(GrainHost).Assembly);
            options.ResponseTimeout = times?.ResponseTimeout ?? options.ResponseTimeout;
            options.ActivationTimeout = times?.ActivationTimeout ?? options.ActivationTimeout;
            options.DeactivationTimeout = times?.DeactivationTimeout ?? options.DeactivationTimeout;
            options.CollectionAge = times?.CollectionAge ?? options.CollectionAge;
            options.MinimumReminderPeriod = times?.MinimumReminderPeriod ?? options.MinimumReminderPeriod;
        });
        return new(builder.Build(), logs, path, ownFolder);
    }

    public static async Task<GrainHost> StartAsync(GrainHostTimes? times = null, string? databasePath = null)
    {
        var host = Build(times, databasePath);
        await host.StartAsync();
        return host;
    }

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}");

        public void Dispose()
        {
        }
    }
}
