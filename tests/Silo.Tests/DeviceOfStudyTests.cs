using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;

namespace SlungOrleans.Silo.Tests;

/// <summary>A study names the device that it is trained and evaluated on.</summary>
public sealed class DeviceOfStudyTests
{
    [Fact]
    public async Task Study_NamesOneOfTwoDevices_IsTrainedAndEvaluatedThereOnly()
    {
        await using var lab = await Lab.StartAsync(devices: 2);
        await lab.RunAsync(Yaml("one-device", "cpu:1"));

        var offered = await lab.Get<IGrainFactory>().GetGrain<IDevicePoolGrain>(Identifiers.Default).GetAsync();
        var machine = lab.Get<TrainingMemory>().MachineBytes;
        var worker = Assert.Single(offered.Workers);
        Assert.Equal<OfferedDevice>([Engines.Describe("cpu:0", machine), Engines.Describe("cpu:1", machine)], worker.Offered);
        Assert.Equal("managed", worker.Engine);

        var study = await lab.StudyAsync("one-device");
        Assert.Equal(4, study.Runs.Length);
        Assert.All(study.Runs, run => Assert.Equal("cpu", Assert.Single(run.DeviceKinds)));
        var attempts = new List<Attempt>();
        foreach (var run in study.Runs)
        {
            var view = await lab.Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(run.Id).GetAsync();
            attempts.AddRange(view.Training.Attempts);
            foreach (var suite in new[] { SuiteNames.Generation, SuiteNames.Perplexity })
            {
                var evaluation = Identifiers.ForEvaluation(run.Id, suite, study.Specification!.Training);
                attempts.AddRange((await lab.Get<IGrainFactory>().GetGrain<IEvaluationGrain>(evaluation).GetAsync()).Work.Attempts);
            }
        }

        Assert.Equal(12, attempts.Count);
        Assert.All(attempts, attempt => Assert.Equal("cpu:1", attempt.Device));
    }

    [Fact]
    public async Task Launch_StudyForADeviceThatTheLabLacks_IsRefusedAndStoresNothing()
    {
        await using var lab = await Lab.StartAsync(devices: 2);
        var reading = lab.Get<IStudyLauncher>().Read(Yaml("no-device", "cuda"));
        Assert.Empty(reading.Faults);
        var before = await lab.InventoryAsync();

        var cost = await lab.Get<IStudyAdvisor>().EstimateAsync(reading.Specification!);
        var refusal = await Assert.ThrowsAsync<LabException>(() => lab.Get<IStudyLauncher>().LaunchAsync(reading.Specification!));

        Assert.Equal("training.device: this machine has no device 'cuda'; it has cpu:0, cpu:1.", refusal.Message);
        Assert.Equal((0, null, null), (cost.Devices, cost.TrainingTime, cost.RunMemoryBytes));
        Assert.Equal(StudyStage.None, (await lab.StudyAsync("no-device")).Stage);
        Assert.Equal(before, await lab.InventoryAsync());
    }

    [Fact]
    public void Read_DeviceThatIsNone_SaysWhatIsExpected()
    {
        var faults = StudyYaml.Read(Yaml("wrong", "gpu")).Faults;

        Assert.Equal("training.device: 'gpu' is not a device; expected cpu, cuda, torch:cpu, or one of them by its number, for example cuda:0.", Assert.Single(faults));
    }

    private static string Yaml(string name, string device) => SmallStudy.Yaml(name, device: device, prompts: true);
}
