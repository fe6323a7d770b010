using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Tests;

public sealed class EnginesTests
{
    [Fact]
    public void FindDevices_Named_AreThese()
    {
        var options = Bind(("Lab:DeviceNames:0", "cpu:3"), ("Lab:DeviceNames:1", "cpu:1"), ("Lab:Devices", "7"));

        Assert.Equal(["cpu:3", "cpu:1"], new Engines(Options.Create(options)).FindDevices());
    }

    [Fact]
    public void For_CpuDevice_IsTheManagedEngine() =>
        Assert.Equal("managed", new Engines(Options.Create(new LabOptions())).For("cpu:12").Name);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu:-1")]
    [InlineData("cuda:x")]
    public void For_NoDevice_SaysWhatIsExpected(string device) =>
        Assert.Contains("cuda:0", Assert.Throws<LabException>(() => new Engines(Options.Create(new LabOptions())).For(device)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_EngineSettings_AreRead()
    {
        var engine = Bind(("Lab:Engine:Precision", "BFloat16"), ("Lab:Engine:SequencesAtOnce", "8"), ("Lab:Engine:RecomputeActivations", "true")).Engine;

        Assert.Equal(new EngineSettings { Precision = NumericPrecision.BFloat16, SequencesAtOnce = 8, RecomputeActivations = true }, engine);
    }

    [Fact]
    public void Validate_DevicesThatAreNone_ListsThem()
    {
        var faults = new LabOptionsValidator(isCluster: false)
            .Validate(null, new LabOptions { DeviceNames = ["cpu:0", "gpu", "cpu:0"], Engine = new EngineSettings { SequencesAtOnce = -1 } }).Failures!.ToList();

        Assert.Equal(3, faults.Count);
        Assert.Contains(faults, fault => fault.Contains("'gpu'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DeviceFault.OutOfMemory, FailureKind.OutOfMemory)]
    [InlineData(DeviceFault.Lost, FailureKind.NodeLost)]
    [InlineData(DeviceFault.NoDevice, FailureKind.Poison)]
    [InlineData(DeviceFault.WrongVersion, FailureKind.Poison)]
    [InlineData(DeviceFault.NoLibrary, FailureKind.Poison)]
    public void ToOutcome_DeviceFault_HasItsFailureKind(DeviceFault fault, FailureKind kind)
    {
        var outcome = Failures.ToOutcome(new DeviceException(fault, "cuda:0", "The device said so."));

        Assert.Equal((WorkState.Failed, kind, "The device said so."), (outcome.State, outcome.Failure, outcome.Message));
    }

    private static LabOptions Bind(params (string Key, string Value)[] settings)
    {
        var options = new LabOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build()
            .GetSection(LabOptions.Section).Bind(options);
        return options;
    }
}
