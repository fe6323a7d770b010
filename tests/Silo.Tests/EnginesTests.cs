using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
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
        Assert.Equal("managed", new Engines(Options.Create(new LabOptions())).For("cpu:12", wanted: null).Name);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu:-1")]
    [InlineData("cuda:x")]
    public void For_NoDevice_SaysWhatIsExpected(string device) =>
        Assert.Contains("cuda:0", Assert.Throws<LabException>(() => new Engines(Options.Create(new LabOptions())).For(device, wanted: null)).Message, StringComparison.Ordinal);

    [Fact]
    public void For_PrecisionThatTheDeviceLacks_SaysWhichHaveIt()
    {
        var engines = new Engines(Options.Create(new LabOptions()));

        Assert.Equal("managed", engines.For("cpu:0", NumericPrecision.Single).Name);
        Assert.Contains(
            "training.precision: device 'cpu:0' computes in single precision only; bf16 needs cuda:0",
            Assert.Throws<LabException>(() => engines.FirstFor(new TrainingSpecification { Precision = "bf16" })).Message,
            StringComparison.Ordinal);
        Assert.Throws<LabException>(() => TrainingMapping.ToPrecision(new TrainingSpecification { Precision = "half" }));
    }

    [Fact]
    public void FirstFor_DeviceThatTheMachineLacks_SaysWhichThereAre()
    {
        var engines = new Engines(Options.Create(new LabOptions { DeviceNames = ["cpu:1", "cpu:4"] }));

        Assert.Equal("managed", engines.FirstFor(new TrainingSpecification { Device = "cpu:4" }).Name);
        Assert.Equal((true, true, false), (engines.HasFor(null), engines.HasFor("cpu"), engines.HasFor("cpu:0")));
        Assert.Equal(
            "training.device: this machine has no device 'cuda'; it has cpu:1, cpu:4.",
            Assert.Throws<LabException>(() => engines.FirstFor(new TrainingSpecification { Device = "cuda" })).Message);
    }

    [Fact]
    public void Describe_CpuDevice_SharesTheMachinesMemory() =>
        Assert.Equal(new OfferedDevice("cpu:3", "managed", null, 24L << 30), Engines.Describe("cpu:3", 24L << 30));

    [Fact]
    public void ToOutcome_LossThatIsNotANumber_IsDivergedWithStepAndBatch()
    {
        var outcome = Failures.ToOutcome(new DivergedException(7, "loss", double.NaN, [3, 5]));

        Assert.Equal((WorkState.Failed, FailureKind.Diverged), (outcome.State, outcome.Failure));
        Assert.Equal("The run has diverged at step 7: the loss is NaN. Its batch is sequences 3, 5 of the training data.", outcome.Message);
    }

    [Fact]
    public void FindDevices_NoneAreToWork_AreNoneWhateverIsNamed() =>
        Assert.Empty(new Engines(Options.Create(new LabOptions { Devices = 0, DeviceNames = ["cpu:0"] })).FindDevices());

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
