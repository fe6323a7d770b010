namespace SlungOrleans.Training;

/// <summary>A capability of an engine: to say beforehand what of its device's memory training takes, and what of it is free.</summary>
public interface IDeviceMemory
{
    /// <summary>Whether the device has memory of its own; otherwise it computes in the machine's.</summary>
    bool HasOwnMemory { get; }

    /// <summary>Bytes of the device's own memory that this process can have; null where it has none, or nobody says.</summary>
    long? AvailableBytes();

    /// <summary>Bytes that training takes on the device at most: weights, gradients, moments, activations, and whatever else the engine keeps.</summary>
    /// <param name="description">The model; one that the engine supports.</param>
    /// <param name="batchSize">Sequences of a step.</param>
    /// <param name="sequenceLength">Tokens in each.</param>
    long TrainingBytes(ModelDescription description, int batchSize, int sequenceLength);

    /// <summary>Settings with which the same training, to rounding, takes no more than so many bytes; null if there are none.</summary>
    /// <param name="description">The model; one that the engine supports.</param>
    /// <param name="batchSize">Sequences of a step.</param>
    /// <param name="sequenceLength">Tokens in each.</param>
    /// <param name="bytes">The most bytes.</param>
    EngineSettings? SettingsThatFit(ModelDescription description, int batchSize, int sequenceLength, long bytes);
}
