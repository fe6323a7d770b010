using Microsoft.Extensions.Configuration;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests;

public sealed class LabSettingsTests : IDisposable
{
    private const string Prefix = "SLUNGORLEANS_TEST_";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-settings-");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable($"{Prefix}Lab__Devices", null);
        Environment.SetEnvironmentVariable($"{Prefix}Lab__Devcies", null);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Settings_FromSeveralSources_NameTheOneThatCounts()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), """{ "Lab": { "Devices": 2, "ThreadsPerDevice": 3, "Token": "a-secret-of-the-tests" } }""");
        Environment.SetEnvironmentVariable($"{Prefix}Lab__Devices", "4");
        Environment.SetEnvironmentVariable($"{Prefix}Lab__Devcies", "5");
        var configuration = new ConfigurationBuilder().SetBasePath(_folder.FullName).AddJsonFile("appsettings.json").AddEnvironmentVariables(Prefix).Build();
        var options = new LabOptions { Data = "/srv/lab", DeviceNames = ["cpu:0", "cpu:3"] };
        configuration.GetSection(LabOptions.Section).Bind(options);

        var settings = new LabSettings(configuration, options, ["Data"]);

        var byName = settings.Settings.ToDictionary(setting => setting.Name);
        Assert.Equal(new LabSetting("Lab:Data", "/srv/lab", "command line", false), byName["Lab:Data"]);
        Assert.Equal("cpu:0, cpu:3", byName["Lab:DeviceNames"].Value);
        Assert.StartsWith("Precision Single, SequencesAtOnce 0, RecomputeActivations false", byName["Lab:Engine"].Value, StringComparison.Ordinal);
        Assert.Equal(new LabSetting("Lab:Devices", "4", "environment (Lab__Devices)", false), byName["Lab:Devices"]);
        Assert.Equal(new LabSetting("Lab:ThreadsPerDevice", "3", "appsettings.json", false), byName["Lab:ThreadsPerDevice"]);
        Assert.Equal(new LabSetting("Lab:Token", "set; not shown", "appsettings.json", false), byName["Lab:Token"]);
        Assert.Equal(new LabSetting("Lab:TokenFile", null, "default", true), byName["Lab:TokenFile"]);
        Assert.Equal(new LabSetting("Lab:WorkerLostAfter", "00:00:10", "default", true), byName["Lab:WorkerLostAfter"]);
        Assert.Equal(typeof(LabOptions).GetProperties().Length, settings.Settings.Length);
        Assert.Equal("Lab:Devcies is no setting of this version (environment (Lab__Devcies)); nothing reads it.", Assert.Single(settings.Faults));
    }
}
