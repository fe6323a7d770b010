using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Radzen;
using SlungOrleans.Dashboard.Components;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard;

/// <summary>Adds the dashboard's services.</summary>
public static class DashboardServiceCollectionExtensions
{
    // A study's text is edited in the browser and travels whole; SignalR's own limit of 32 KB would break the connection.
    private const long LargestMessageFromBrowser = 1024 * 1024;

    /// <summary>
    /// Adds the dashboard. The host provides <see cref="Orleans.IGrainFactory"/>, <see cref="Contracts.IStudyLauncher"/>,
    /// <see cref="Contracts.IStudyAdvisor"/>, <see cref="Contracts.IArtefactReader"/>, <see cref="Contracts.IStudyDocuments"/>,
    /// <see cref="Contracts.IModelService"/>, <see cref="Contracts.IStudyArchives"/>, <see cref="Contracts.IRunCheckpoints"/>,
    /// <see cref="Contracts.IGrainActivations"/>, <see cref="Contracts.ILabSettings"/> and <see cref="Contracts.IAuditLog"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets who may reach it; without, everybody on this machine and nobody else.</param>
    /// <exception cref="OptionsValidationException">The options have faults; it lists them all.</exception>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Action<DashboardOptions>? configure = null)
    {
        var options = new DashboardOptions();
        configure?.Invoke(options);
        if (options.Faults().ToArray() is { Length: > 0 } faults)
        {
            throw new OptionsValidationException(nameof(DashboardOptions), typeof(DashboardOptions), faults);
        }

        services.AddSingleton(Options.Create(options));
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessageFromBrowser);
        services.AddRadzenComponents();
        services.AddSingleton<LiveSubscriptions>();
        services.AddScoped<BrowserConnection>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<BrowserConnection>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<RecordedActions>();
        services.AddScoped<Reader>();
        AddSecurity(services, options);
        return services;
    }

    private static void AddSecurity(IServiceCollection services, DashboardOptions options)
    {
        LabAuthentication.Add(services);
        services.AddHostFiltering(filter =>
        {
            filter.AllowedHosts = [.. options.AllowedHosts];
            filter.AllowEmptyHosts = false;
            filter.IncludeFailureMessage = false;
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

            // Every answer has the header already.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestMessageFromBrowser;
            kestrel.AddServerHeader = false;
        });
        var protection = services.AddDataProtection().SetApplicationName("SlungOrleans");
        if (options.KeysFolder is { } folder)
        {
            protection.PersistKeysToFileSystem(CreatePrivateFolder(folder));
        }
    }

    private static DirectoryInfo CreatePrivateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
