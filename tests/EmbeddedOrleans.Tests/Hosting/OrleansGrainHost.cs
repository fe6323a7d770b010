using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace EmbeddedOrleans.Tests;

/// <summary>The tests' grains in a silo of Orleans itself, with the members of the host of the same name that is this project's own.</summary>
public sealed class GrainHost : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly LogCollector _logs;
    private bool _running = true;

    private GrainHost(InProcessTestCluster cluster, Probe probe, LogCollector logs)
    {
        _cluster = cluster;
        _logs = logs;
        Probe = probe;
        Grains = cluster.GetSiloServiceProvider().GetRequiredService<IGrainFactory>();
    }

    public IGrainFactory Grains { get; }

    public IClusterClient Client => _cluster.Client;

    public Probe Probe { get; }

    public static async Task<GrainHost> StartAsync(GrainHostTimes? times = null, string? databasePath = null)
    {
        var probe = new Probe();
        var logs = new LogCollector();
        var kept = KeptData.Of(databasePath ?? Guid.NewGuid().ToString());
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Services.AddSingleton(probe);
            host.Logging.AddProvider(logs);
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(kept);
            silo.Services.AddSingleton<OrleansGrainStorageSerializer>();
            silo.Services.AddSingleton<IGrainStorage>(services => new KeptGrainStorage(kept, services.GetRequiredService<OrleansGrainStorageSerializer>()));
            silo.Services.AddKeyedSingleton<IGrainStorage>("store", (services, _) => services.GetRequiredService<IGrainStorage>());
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = times?.ResponseTimeout ?? options.ResponseTimeout);
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = times?.MinimumReminderPeriod ?? options.MinimumReminderPeriod);
            silo.Configure<GrainCollectionOptions>(options =>
            {
                options.ActivationTimeout = times?.ActivationTimeout ?? options.ActivationTimeout;
                options.DeactivationTimeout = times?.DeactivationTimeout ?? options.DeactivationTimeout;
                options.CollectionAge = times?.CollectionAge ?? options.CollectionAge;
                options.CollectionQuantum = times?.CollectionAge / 2 ?? options.CollectionQuantum;
            });
        });
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(
            options => options.ResponseTimeout = times?.ResponseTimeout ?? options.ResponseTimeout));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, probe, logs);
    }

    public Task WaitForLogAsync(string start, string part) => _logs.WaitForAsync(start, part);

    public async Task StopAsync()
    {
        _running = false;
        await _cluster.StopAllSilosAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_running)
        {
            await StopAsync();
        }

        await _cluster.DisposeAsync();
    }
}
