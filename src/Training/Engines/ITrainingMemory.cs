namespace SlungOrleans.Training;

/// <summary>A capability of an engine: to say beforehand what memory training takes.</summary>
public interface ITrainingMemory
{
    /// <summary>Bytes that a model takes while it is trained: weights, gradients, moments, activations and whatever else the engine keeps.</summary>
    /// <param name="description">The model; one that the engine supports.</param>
    /// <param name="sequenceLength">Tokens in a sequence.</param>
    /// <param name="threads">Threads of the engine.</param>
    long TrainingBytes(ModelDescription description, int sequenceLength, int threads);
}
