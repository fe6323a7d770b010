using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Hosts grains in this process.</summary>
public static class EmbeddedOrleansExtensions
{
    /// <summary>
    /// Hosts grains in this process: registers <see cref="IGrainFactory"/>, <see cref="IClusterClient"/>, <see cref="IReminderRegistry"/> and
    /// <see cref="ActivationStatistics"/>, and starts and stops the grains with the host. Call it before registering services that call grains, so that those start later
    /// and stop earlier.
    /// </summary>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="configure">Sets the options, at least the database and the assemblies.</param>
    public static TBuilder UseEmbeddedOrleans<TBuilder>(this TBuilder builder, Action<EmbeddedOrleansOptions> configure)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddEmbeddedOrleans(configure);
        return builder;
    }

    /// <inheritdoc cref="UseEmbeddedOrleans{TBuilder}"/>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets the options, at least the database and the assemblies.</param>
    public static IServiceCollection AddEmbeddedOrleans(this IServiceCollection services, Action<EmbeddedOrleansOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services
            .Configure(configure)
            .AddSingleton(provider => new GrainCatalog(
                provider.GetRequiredService<IOptions<EmbeddedOrleansOptions>>().Value.GrainAssemblies.SelectMany(assembly => assembly.GetTypes())))
            .AddSingleton<Database>()
            .AddSingleton<ActivationDirectory>()
            .AddSingleton(provider => new ActivationStatistics(provider.GetRequiredService<ActivationDirectory>()))
            .AddSingleton<GrainFactory>()
            .AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<GrainFactory>())
            .AddSingleton<IClusterClient>(provider => provider.GetRequiredService<GrainFactory>())
            .AddSingleton<ReminderTable>()
            .AddSingleton<ReminderService>()
            .AddSingleton<IReminderRegistry>(provider => provider.GetRequiredService<ReminderService>())
            .AddTransient<IGrainContext>(_ => RuntimeContext.Current
                ?? throw new InvalidOperationException("There is no grain here: IGrainContext can only be had while a grain is created or runs."))
            .AddHostedService<EmbeddedOrleansHost>();
    }
}
