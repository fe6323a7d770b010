using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Api;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;
using SlungOrleans.Training.TorchSharp.Tests;

namespace SlungOrleans.Silo.Tests.Torch;

/// <summary>The lab on TorchSharp's device: studies from their launch to their comparison, and their failures.</summary>
public sealed class TorchStudyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"slungorleans-torch-{Guid.NewGuid():N}");
    private IHost? _host;

    public async Task InitializeAsync()
    {
        if (TorchEngine.ReasonToSkip is null)
        {
            _host = LabHost.CreateHeadless(new CommandSettings(_folder, 1));
            _host.Services.GetRequiredService<IOptions<LabOptions>>().Value.DeviceNames = [TorchEngine.Device];
            await _host.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }

    [TorchFact]
    public async Task Study_OfTwoArms_EndsWithAComparison()
    {
        var study = Read("on-torch", learningRate: 0.01);
        var estimate = await Get<IStudyAdvisor>().EstimateAsync(study);
        Assert.True(estimate.Fits);

        var view = await RunAsync(study);
        Assert.True(view.Stage == StudyStage.Completed, view.Message);
        var comparison = ComparisonJson.Read((await LocalLab.Of(_host!.Services, "a test").ReadComparisonAsync(study.Name, CancellationToken.None))!);
        Assert.Equal(["control", "full"], comparison.Arms.Order(StringComparer.Ordinal));
        Assert.Empty(comparison.Missing);
        Assert.All(view.Runs, run => Assert.Equal(study.Training.Steps, run.Step));
        var trained = await Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(view.Runs[0].Id).GetAsync();
        Assert.Equal(TorchEngine.Device, Assert.Single(trained.Training.Attempts).Device);
    }

    [TorchFact]
    public async Task Study_NamesItsDeviceOfTwoKinds_IsTrainedThereOnly()
    {
        var options = Get<IOptions<LabOptions>>().Value;
        await _host!.StopAsync();
        _host.Dispose();
        _host = LabHost.CreateHeadless(new CommandSettings(_folder, options.Devices));
        Get<IOptions<LabOptions>>().Value.DeviceNames = ["cpu:0", TorchEngine.Device];
        await _host.StartAsync();
        var study = Read("named", learningRate: 0.01);

        var view = await RunAsync(study with { Training = study.Training with { Device = DeviceName.KindOf(TorchEngine.Device) } });

        Assert.True(view.Stage == StudyStage.Completed, view.Message);
        Assert.All(view.Runs, run => Assert.Equal(DeviceName.KindOf(TorchEngine.Device), Assert.Single(run.DeviceKinds)));
        var offered = (await Get<IGrainFactory>().GetGrain<IDevicePoolGrain>(Identifiers.Default).GetAsync()).Workers.Single().Offered;
        Assert.Equal([("cpu:0", "managed"), (TorchEngine.Device, "torchsharp")], offered.Select(device => (device.Name, device.Engine)));
        Assert.All(offered, device => Assert.True(device.MemoryBytes > 1L << 28, $"{device}"));
    }

    [TorchFact]
    public async Task Study_ThatDiverges_SetsTheRunsFailureKind()
    {
        var view = await RunAsync(Read("diverges", learningRate: 1e30));
        var run = await Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(view.Runs[0].Id).GetAsync();
        Assert.Equal((WorkState.Failed, FailureKind.Diverged), (run.Training.State, run.Training.Attempts[^1].Failure));
        Assert.Matches("diverged at step [0-9]+: .* Its batch is sequences [0-9]+", run.Training.Message);
    }

    [HostMemoryFact]
    public void EnsureFits_RunThatDoesNotFit_NamesTheSettingsWithWhichItWould()
    {
        var options = Options.Create(new LabOptions { DeviceNames = [TorchEngine.Device] });
        var engines = new Engines(options);
        var memory = new TrainingMemory(engines, options);
        var study = Read("large", learningRate: 0.01) with { Model = new ModelSpecification { HiddenSize = 512, Layers = 8, Heads = 8, FeedForwardSize = 1408, SequenceLength = 512 } };
        study = study with { Training = study.Training with { BatchSize = 256 } };
        var whole = memory.Of(study)!;
        options.Value.TrainingMemory = whole.Machine / 2;

        var failure = Assert.Throws<InsufficientMemoryException>(
            () => memory.EnsureFits(engines.FirstFor(study.Training), new RunSpecification { Model = study.Model, Training = study.Training }, study.Data.Sequences, 320));

        Assert.Equal(FailureKind.OutOfMemory, Failures.ToOutcome(failure).Failure);
        Assert.Contains($"takes about {TrainingMemory.InGigabytes(whole.Machine)}", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"there are {TrainingMemory.InGigabytes(whole.Machine / 2)}", failure.Message, StringComparison.Ordinal);
        Assert.Matches("; with Lab:Engine:SequencesAtOnce=[0-9]+ it would fit\\.$", failure.Message);
    }

    [GpuFact]
    public void EnsureFits_RunThatDoesNotFitTheGpu_NamesTheSettingsWithWhichItWould()
    {
        var options = Options.Create(new LabOptions { DeviceNames = [TorchEngine.Device], TrainingMemory = long.MaxValue });
        var engines = new Engines(options);
        var study = Read("large", learningRate: 0.01) with { Model = new ModelSpecification { HiddenSize = 512, Layers = 8, Heads = 8, FeedForwardSize = 1408, SequenceLength = 512 } };
        study = study with { Training = study.Training with { BatchSize = 65536 } };

        var failure = Assert.Throws<LabException>(() => new TrainingMemory(engines, options).EnsureFits(study));

        Assert.Contains($"of the memory of {TorchEngine.Device}, and ", failure.Message, StringComparison.Ordinal);
        Assert.Matches("; with Lab:Engine:SequencesAtOnce=[0-9]+ it would fit\\.$", failure.Message);
    }

    [TorchFact]
    public void For_PrecisionOfTheRun_IsTheEngines()
    {
        var engines = new Engines(Options.Create(new LabOptions { DeviceNames = [TorchEngine.Device] }));
        Assert.Equal(NumericPrecision.BFloat16, engines.FirstFor(new TrainingSpecification { Precision = "bf16" }).Capabilities.Precision);
        Assert.Equal(NumericPrecision.Single, engines.FirstFor(new TrainingSpecification()).Capabilities.Precision);
        var process = new Engines(Options.Create(new LabOptions { DeviceNames = [TorchEngine.Device], Engine = new EngineSettings { Precision = NumericPrecision.TensorFloat32 } }));
        Assert.Contains("holds for all of its process", Assert.Throws<LabException>(() => process.FirstFor(new TrainingSpecification { Precision = "single" })).Message, StringComparison.Ordinal);
    }

    private T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    private async Task<StudyView> RunAsync(StudySpecification specification)
    {
        await Get<IStudyLauncher>().LaunchAsync(specification);
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var study = Get<IGrainFactory>().GetGrain<IStudyGrain>(specification.Name);
        var view = await study.GetAsync();
        while (view.Stage is not (StudyStage.Completed or StudyStage.Failed or StudyStage.Cancelled))
        {
            await timer.WaitForNextTickAsync(patience.Token);
            view = await study.GetAsync();
        }

        return view;
    }

    private static StudySpecification Read(string name, double learningRate)
    {
        var reading = StudyYaml.Read(SmallStudy.Yaml(name, learningRate: learningRate));
        Assert.Empty(reading.Faults);
        return reading.Specification!;
    }
}
