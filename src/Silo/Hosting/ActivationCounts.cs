#if !USE_ORLEANS
using Microsoft.Extensions.Options;
#endif
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Hosting;

/// <inheritdoc cref="IGrainActivations"/>
#if USE_ORLEANS
internal sealed class ActivationCounts(IGrainFactory grains) : IGrainActivations
{
    // Orleans' own grains have classes in its namespace.
    private const string Own = "SlungOrleans.";

    public async Task<ImmutableArray<GrainActivations>> CountAsync()
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        var names = (await management.GetDetailedHosts(onlyActive: true)).ToDictionary(host => host.SiloAddress, host => host.SiloName);
        return
        [
            .. (await management.GetSimpleGrainStatistics())
                .Where(statistic => statistic.ActivationCount > 0 && statistic.GrainType.StartsWith(Own, StringComparison.Ordinal))
                .Select(statistic => new GrainActivations(names.GetValueOrDefault(statistic.SiloAddress, $"{statistic.SiloAddress}"), TypeOf(statistic.GrainType), statistic.ActivationCount))
                .OrderBy(count => count.Silo, StringComparer.Ordinal)
                .ThenBy(count => count.GrainType, StringComparer.Ordinal),
        ];
    }

    /// <summary><c>SlungOrleans.Grains.DevicePoolGrain,SlungOrleans.Grains</c> is <c>devicepool</c>, as both hosts name types in ids.</summary>
    private static string TypeOf(string className)
    {
        var name = className.Split(',')[0];
        name = name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();
        return name.EndsWith("grain", StringComparison.Ordinal) ? name[..^"grain".Length] : name;
    }
}
#else
internal sealed class ActivationCounts(ActivationStatistics statistics, IOptions<LabOptions> options) : IGrainActivations
{
    public Task<ImmutableArray<GrainActivations>> CountAsync() => Task.FromResult<ImmutableArray<GrainActivations>>(
    [
        .. statistics.CountByType()
            .Select(type => new GrainActivations(options.Value.SiloName, $"{type.Key}", type.Value))
            .OrderBy(count => count.GrainType, StringComparer.Ordinal),
    ]);
}
#endif
