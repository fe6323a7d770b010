using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training;

/// <summary>
/// The engine that needs nothing but .NET: every operation is written here, in single precision, with 512-bit vectors where the machine
/// has them. A batch's sequences are shared out among threads; results do not depend on how many there are.
/// </summary>
public sealed class ManagedEngine : IEngine
{
    /// <inheritdoc/>
    public string Name => "managed";

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new() { Device = "cpu", SameBitsForAnyThreads = true, RepeatsBits = true };

    /// <inheritdoc/>
    public ITrainableModel Create(ModelDescription description, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ModelRequirements.Ensure(description);
        return new ManagedModel(description, threads);
    }
}
