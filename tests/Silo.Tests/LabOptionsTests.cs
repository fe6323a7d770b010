using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests;

public sealed class LabOptionsTests
{
    private static readonly LabOptionsValidator Validator = new(isCluster: false);
    private static readonly LabOptionsValidator ClusterValidator = new(isCluster: true);

    [Fact]
    public void Validate_Defaults_HaveNoFaults() => Assert.True(Validator.Validate(null, new LabOptions()).Succeeded);

    [Fact]
    public void Validate_ManyFaults_ListsThemAll()
    {
        var result = Validator.Validate(null, new LabOptions { Data = " ", Url = "nowhere", SiloName = "a/b", Devices = -1, ThreadsPerDevice = 0, WorkerLostAfter = TimeSpan.Zero });

        Assert.Equal(6, result.Failures!.Count());
    }

    [Fact]
    public void Validate_ClusterWithNothingSet_AsksForDatabaseAndSharedStore()
    {
        var faults = ClusterValidator.Validate(null, new LabOptions()).Failures!.ToList();

        Assert.Equal(2, faults.Count);
        Assert.Contains(faults, fault => fault.Contains("Lab:ClusterDatabase is not set", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("Neither Lab:BlobFolder nor Lab:AzureBlobs", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_ClusterWithManyFaults_ListsThemAll()
    {
        var options = Cluster();
        options.AzureBlobs = "AccountName=a";
        options.AzureContainer = "Upper";
        options.ClusterId = "";
        options.AdvertisedAddress = "0.0.0.0";
        options.SiloPort = 0;
        options.GatewayPort = 65536;
        options.SiloLostAfter = TimeSpan.FromHours(1);

        Assert.Equal(7, ClusterValidator.Validate(null, options).Failures!.Count());
    }

    [Fact]
    public void Validate_SamePortForSilosAndClients_IsRefused()
    {
        var options = Cluster();
        options.GatewayPort = options.SiloPort;

        Assert.Contains("both 11111", Assert.Single(ClusterValidator.Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ClusterAsExpected_HasNoFaults() => Assert.True(ClusterValidator.Validate(null, Cluster()).Succeeded);

    [Fact]
    public void Validate_ClusterDatabaseInABuildOfOneProcess_IsRefused() =>
        Assert.Contains("UseOrleans", Assert.Single(Validator.Validate(null, Cluster()).Failures!), StringComparison.Ordinal);

    [Fact]
    public void SiloName_OfTwoSilosOnOneMachine_Differs()
    {
        var one = Cluster();
        var other = Cluster();
        other.SiloPort++;
        one.NameSilo();
        other.NameSilo();

        Assert.NotEqual(one.SiloName, other.SiloName);
    }

    private static LabOptions Cluster() => new() { ClusterDatabase = "Host=127.0.0.1;Database=lab", BlobFolder = "shared" };
}
