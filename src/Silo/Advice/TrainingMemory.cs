using System.Globalization;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Advice;

/// <summary>What a run takes in memory.</summary>
/// <param name="Machine">Bytes of the machine's memory, its data included.</param>
/// <param name="Device">Bytes of the device's own; null where it computes in the machine's.</param>
internal sealed record RunMemory(long Machine, long? Device);

/// <summary>What memory training takes, where the engine knows it, and whether this machine and its devices have it.</summary>
internal sealed class TrainingMemory(Engines engines, IOptions<LabOptions> options)
{
    // The runtime, the lab itself, and what is rounded up.
    private const long OfTheLab = 300L << 20;

    // While a checkpoint is written or read, tensors are held beside the model.
    private const int TensorsHeld = 2;
    private const int BytesPerTokenInBatch = sizeof(int) + sizeof(byte);
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Bytes that all runs of this machine may take together.</summary>
    public long MachineBytes => options.Value.TrainingMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What one run takes with its data; null if the engine does not say.</summary>
    public RunMemory? Of(IEngine engine, ModelSpecification model, TrainingSpecification training, long sequences, int tokenizerSize)
    {
        var description = TrainingMapping.ToModel(model, tokenizerSize);
        var beside = Beside(description, training, sequences, tokenizerSize);
        return engine switch
        {
            IDeviceMemory { HasOwnMemory: true } device => new RunMemory(beside, device.TrainingBytes(description, training.BatchSize, model.SequenceLength)),
            IDeviceMemory device => new RunMemory(beside + device.TrainingBytes(description, training.BatchSize, model.SequenceLength), null),
            ITrainingMemory memory => new RunMemory(beside + memory.TrainingBytes(description, model.SequenceLength, options.Value.ThreadsPerDevice), null),
            _ => null,
        };
    }

    /// <summary>What one run of a study takes on this machine's first device for it; null if it has none, or the engine does not say.</summary>
    /// <exception cref="DeviceException">The device cannot be used.</exception>
    public RunMemory? Of(StudySpecification study) => !engines.HasFor(study.Training.Device) ? null : Of(engines.FirstFor(study.Training), study.Model, study.Training, study.Data.Sequences, TrainingMapping.VocabularyOf(study));

    /// <summary>Whether one run fits this machine's memory and the device's, as far as it is known.</summary>
    public bool Fits(IEngine engine, RunMemory? memory) =>
        memory is null || (memory.Machine <= MachineBytes && !(memory.Device > (engine as IDeviceMemory)?.AvailableBytes()));

    /// <summary>Refuses a study whose runs do not fit this machine's memory, or its first device's.</summary>
    /// <exception cref="LabException">They do not, or this machine has no device for them.</exception>
    /// <exception cref="DeviceException">The device cannot be used.</exception>
    public void EnsureFits(StudySpecification study)
    {
        var engine = engines.FirstFor(study.Training);
        var tokenizerSize = TrainingMapping.VocabularyOf(study);
        if (Of(engine, study.Model, study.Training, study.Data.Sequences, tokenizerSize) is not { } memory)
        {
            return;
        }

        if (Lacking(engine, memory, study.Model, study.Training, study.Data.Sequences, tokenizerSize) is { } lacking)
        {
            throw new LabException($"The study does not fit: a run of it takes about {lacking}");
        }

        var runs = study.Arms.Length * study.Seeds.Length * study.Amounts.Length;
        var atATime = Math.Clamp(engines.FindDevices().Count(device => DeviceName.Serves(device, study.Training.Device)), 1, runs);
        if (memory.Machine * atATime > MachineBytes)
        {
            throw new LabException(
                $"The study does not fit: a run of it takes about {InGigabytes(memory.Machine)}, {atATime} at a time {InGigabytes(memory.Machine * atATime)}, and there are {InGigabytes(MachineBytes)}; with --devices {MachineBytes / memory.Machine} it would fit.");
        }
    }

    /// <summary>Refuses to start a run that does not fit this machine's memory, or the device's.</summary>
    /// <exception cref="InsufficientMemoryException">It does not.</exception>
    public void EnsureFits(IEngine engine, RunSpecification run, long sequences, int tokenizerSize)
    {
        if (Of(engine, run.Model, run.Training, sequences, tokenizerSize) is { } memory
            && Lacking(engine, memory, run.Model, run.Training, sequences, tokenizerSize) is { } lacking)
        {
            throw new InsufficientMemoryException($"The run was not started: it takes about {lacking}");
        }
    }

    public static string InGigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerGigabyte:0.0#} GB");

    /// <summary>The end of a sentence about what is asked for, what there is and what would help; null if one run fits.</summary>
    private string? Lacking(IEngine engine, RunMemory memory, ModelSpecification model, TrainingSpecification training, long sequences, int tokenizerSize)
    {
        var description = TrainingMapping.ToModel(model, tokenizerSize);
        var device = engine as IDeviceMemory;
        if (memory.Device is { } onDevice && device!.AvailableBytes() is { } available && onDevice > available)
        {
            return $"{InGigabytes(onDevice)} of the memory of {engine.Capabilities.Device}, and {InGigabytes(available)} are free there; {WhatHelps(available, "a device")}";
        }

        return memory.Machine > MachineBytes
            ? $"{InGigabytes(memory.Machine)} of memory, and there are {InGigabytes(MachineBytes)}; {WhatHelps(MachineBytes - Beside(description, training, sequences, tokenizerSize), "a machine")}"
            : null;

        string WhatHelps(long bytes, string larger)
        {
            var fitting = device is { HasOwnMemory: var own } && own == memory.Device is not null
                ? device.SettingsThatFit(description, training.BatchSize, model.SequenceLength, bytes)
                : null;
            var fewerThreads = device is null ? ", fewer threads per device" : "";
            return fitting is null
                ? $"a smaller model or shorter sequences{fewerThreads}, or {larger} with more memory would help."
                : $"with {Differences(options.Value.Engine, fitting)} it would fit.";
        }
    }

    private static string Differences(EngineSettings now, EngineSettings then)
    {
        List<string> differences = [];
        Add(nameof(EngineSettings.SequencesAtOnce), now.SequencesAtOnce, then.SequencesAtOnce);
        Add(nameof(EngineSettings.RecomputeActivations), now.RecomputeActivations, then.RecomputeActivations);
        Add(nameof(EngineSettings.LogitsAtOnce), now.LogitsAtOnce, then.LogitsAtOnce);
        return string.Join(" and ", differences);

        void Add<T>(string name, T before, T after)
        {
            if (!Equals(before, after))
            {
                differences.Add($"{LabOptions.Section}:{nameof(LabOptions.Engine)}:{name}={string.Create(CultureInfo.InvariantCulture, $"{after}").ToLowerInvariant()}");
            }
        }
    }

    /// <summary>Bytes of a run beside its training: data, batches, tensors on their way to a checkpoint, the lab.</summary>
    private static long Beside(ModelDescription description, TrainingSpecification training, long sequences, int tokenizerSize)
    {
        var bytesPerToken = (tokenizerSize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int)) + sizeof(byte);
        return (sequences * description.MaximumSequenceLength * bytesPerToken)
            + ((long)training.BatchSize * description.MaximumSequenceLength * BytesPerTokenInBatch)
            + (TensorsHeld * sizeof(float) * ModelParameters.Of(description with { Layers = 1 }).Max(parameter => parameter.Length))
            + OfTheLab;
    }
}
