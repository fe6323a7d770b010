using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Radzen;
using SlungOrleans.Dashboard.Components;

namespace SlungOrleans.Dashboard;

/// <summary>Adds the dashboard's services.</summary>
public static class DashboardServiceCollectionExtensions
{
    // A study's text is edited in the browser and travels whole; SignalR's own limit of 32 KB would break the connection.
    private const long LargestMessageFromBrowser = 1024 * 1024;

    /// <summary>
    /// Adds the dashboard. The host provides <see cref="Orleans.IGrainFactory"/>, <see cref="Contracts.IStudyLauncher"/>,
    /// <see cref="Contracts.IArtefactReader"/>, <see cref="Contracts.IRunCheckpoints"/> and <see cref="Contracts.IGrainActivations"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = LargestMessageFromBrowser);
        services.AddRadzenComponents();
        services.AddSingleton<LiveSubscriptions>();
        services.AddScoped<BrowserConnection>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<BrowserConnection>());
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
