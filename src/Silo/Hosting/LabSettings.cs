using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Hosting;

/// <inheritdoc cref="ILabSettings"/>
internal sealed class LabSettings : ILabSettings
{
    private static readonly ImmutableHashSet<string> Secrets = [nameof(LabOptions.Token), nameof(LabOptions.AzureBlobs), nameof(LabOptions.ClusterDatabase)];
    private static readonly ImmutableArray<PropertyInfo> Properties = [.. typeof(LabOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)];

    /// <param name="configuration">What the options were read from.</param>
    /// <param name="options">The options as they are used.</param>
    /// <param name="onCommandLine">Names of options that were given on the command line.</param>
    public LabSettings(IConfigurationRoot configuration, LabOptions options, IReadOnlyCollection<string> onCommandLine)
    {
        Settings = [.. Properties.Select(property => SettingOf(property, configuration, options, onCommandLine))];
        Faults =
        [
            .. configuration.GetSection(LabOptions.Section).GetChildren()
                .Where(child => Properties.All(property => !property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
                .Select(child => $"{NameOf(child.Key)} is no setting of this version ({SourceOf(configuration, child.Key)}); nothing reads it."),
        ];
    }

    public ImmutableArray<LabSetting> Settings { get; }

    public ImmutableArray<string> Faults { get; }

    private static LabSetting SettingOf(PropertyInfo property, IConfigurationRoot configuration, LabOptions options, IReadOnlyCollection<string> onCommandLine)
    {
        var source = onCommandLine.Contains(property.Name) ? "command line" : SourceOf(configuration, property.Name);
        return new LabSetting(NameOf(property.Name), TextOf(property, options), source ?? "default", source is null);
    }

    private static string? TextOf(PropertyInfo property, LabOptions options) =>
        TextOf(property.GetValue(options)) is { } text ? Secrets.Contains(property.Name) ? "set; not shown" : text : null;

    private static string? TextOf(object? value) => value switch
    {
        null or "" => null,
        bool switched => switched ? "true" : "false",
        string text => text,
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        IReadOnlyList<string> names => names.Count == 0 ? null : string.Join(", ", names),
        var parts => string.Join(", ", parts.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(part => $"{part.Name} {TextOf(part.GetValue(parts)) ?? "not set"}")),
    };

    /// <summary>The last provider that has a value is the one whose value counts; null if none has.</summary>
    private static string? SourceOf(IConfigurationRoot configuration, string name) =>
        configuration.Providers.Reverse().FirstOrDefault(provider => Has(provider, name)) switch
        {
            null => null,
            EnvironmentVariablesConfigurationProvider => $"environment ({LabOptions.Section}__{name})",
            JsonConfigurationProvider file => file.Source.Path,
            var provider => provider.ToString(),
        };

    // A setting may have parts of its own.
    private static bool Has(IConfigurationProvider provider, string name) =>
        provider.TryGet(NameOf(name), out _) || provider.GetChildKeys([], NameOf(name)).Any();

    private static string NameOf(string property) => $"{LabOptions.Section}:{property}";
}
