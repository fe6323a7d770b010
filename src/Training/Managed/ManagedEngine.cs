using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training;

/// <summary>
/// The engine that needs nothing but .NET: every operation is written here, in single precision, with 512-bit vectors where the machine
/// has them. A batch's sequences are shared out among threads; results do not depend on how many there are.
/// </summary>
public sealed class ManagedEngine : IEngine, ITrainingMemory
{
    /// <summary>The name of this engine.</summary>
    public const string EngineName = "managed";

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new() { Device = "cpu", SameBitsForAnyThreads = true, RepeatsBits = true };

    /// <inheritdoc/>
    public ITrainableModel Create(ModelDescription description, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ModelRequirements.Ensure(description);
        return new ManagedModel(description, threads);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Counted, not computed: models of one and of two layers are made, whose pages nobody writes; every further layer takes as much as the second.
    /// A batch's sequences are computed one per thread, so its size does not matter.
    /// </remarks>
    public long TrainingBytes(ModelDescription description, int sequenceLength, int threads)
    {
        ArgumentNullException.ThrowIfNull(description);
        long one = Bytes(1);
        return description.Layers == 1 ? one : one + ((description.Layers - 1) * (Bytes(2) - one));

        long Bytes(int layers)
        {
            using var model = (ManagedModel)Create(description with { Layers = layers }, threads);
            return model.ReserveForTraining(sequenceLength);
        }
    }
}
