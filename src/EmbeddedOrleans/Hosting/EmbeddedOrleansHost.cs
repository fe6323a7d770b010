using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Timers;

namespace Orleans.Hosting;

// Starts and stops the grains with the process' host.
internal sealed class EmbeddedOrleansHost(
    IOptions<EmbeddedOrleansOptions> options, GrainCatalog catalog, Database database, ActivationDirectory directory,
    ReminderService reminders, IServiceProviderIsService services, ILogger<EmbeddedOrleansHost> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] faults = [.. options.Value.FindFaults(), .. catalog.Faults, .. FindMissingServices()];
        if (faults.Length > 0)
        {
            throw new OrleansConfigurationException($"The grains cannot be hosted:\n- {string.Join("\n- ", faults)}");
        }

        database.Open();
        directory.Start();
        Log.Started(logger, catalog.Classes.Count(), database.Path, await reminders.StartAsync());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        reminders.Stop();
        await directory.StopAsync(cancellationToken);
        await database.DisposeAsync();
        Log.Stopped(logger, database.Path);
    }

    private IEnumerable<string> FindMissingServices() =>
        from grainClass in catalog.Classes
        from type in grainClass.Services
        where !services.IsService(type)
        select $"The grain class {grainClass.Type} needs the service {type}, which is not registered.";
}
