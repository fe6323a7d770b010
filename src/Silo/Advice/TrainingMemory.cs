using System.Globalization;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Advice;

/// <summary>What memory training takes, where the engine knows it, and whether this machine has it.</summary>
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

    /// <summary>Bytes of one run with its data; null if the engine does not say.</summary>
    public long? RunBytes(ModelSpecification model, TrainingSpecification training, long sequences, int tokenizerSize)
    {
        if (engines.First is not ITrainingMemory memory)
        {
            return null;
        }

        var description = TrainingMapping.ToModel(model, tokenizerSize);
        var bytesPerToken = IdBytes(tokenizerSize) + sizeof(byte);
        return memory.TrainingBytes(description, model.SequenceLength, options.Value.ThreadsPerDevice)
            + (sequences * model.SequenceLength * bytesPerToken)
            + ((long)training.BatchSize * model.SequenceLength * BytesPerTokenInBatch)
            + (TensorsHeld * sizeof(float) * ModelParameters.Of(description with { Layers = 1 }).Max(parameter => parameter.Length))
            + OfTheLab;
    }

    /// <summary>Bytes of one run of a study.</summary>
    public long? RunBytes(StudySpecification study) =>
        RunBytes(study.Model, study.Training, study.Data.Sequences, TrainingMapping.VocabularyOf(study));

    /// <summary>Refuses a study whose runs do not fit this machine's memory.</summary>
    /// <exception cref="LabException">They do not.</exception>
    public void EnsureFits(StudySpecification study)
    {
        var idBytes = (long)study.Data.Sequences * study.Model.SequenceLength * IdBytes(TrainingMapping.VocabularyOf(study));
        if (idBytes > Array.MaxLength)
        {
            throw new LabException(
                $"data.sequences: {study.Data.Sequences} sequences of {study.Model.SequenceLength} tokens are {InGigabytes(idBytes)} of token ids; a data set has at most {InGigabytes(Array.MaxLength)} of them, {study.Data.Sequences * (long)Array.MaxLength / idBytes} such sequences.");
        }

        var runs = study.Arms.Length * study.Seeds.Length * study.Amounts.Length;
        var atATime = Math.Clamp(options.Value.Devices, 1, runs);
        if (RunBytes(study) is not { } bytes || bytes * atATime <= MachineBytes)
        {
            return;
        }

        var fit = MachineBytes / bytes;
        var advice = fit > 0
            ? $"with --devices {fit} it would fit"
            : "a smaller model or shorter sequences, fewer threads per device, or a machine with more memory would help";
        throw new LabException(
            $"The study does not fit: a run of it takes about {InGigabytes(bytes)}, {atATime} at a time {InGigabytes(bytes * atATime)}, and there are {InGigabytes(MachineBytes)}; {advice}.");
    }

    /// <summary>Refuses to start a run that does not fit this machine's memory.</summary>
    /// <exception cref="InsufficientMemoryException">It does not.</exception>
    public void EnsureFits(RunSpecification run, long sequences, int tokenizerSize)
    {
        if (RunBytes(run.Model, run.Training, sequences, tokenizerSize) is { } bytes && bytes > MachineBytes)
        {
            throw new InsufficientMemoryException(
                $"The run was not started: it takes about {InGigabytes(bytes)} of memory, and there are {InGigabytes(MachineBytes)}; a smaller model or shorter sequences, fewer threads per device, or a machine with more memory would help.");
        }
    }

    private static int IdBytes(int tokenizerSize) => tokenizerSize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int);

    public static string InGigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerGigabyte:0.0#} GB");
}
