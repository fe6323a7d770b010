using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training;

/// <summary>
/// The engine that needs nothing but .NET: every operation is written here, in single precision, with 512-bit vectors where the machine
/// has them. A batch's sequences are shared out among threads; results do not depend on how many there are.
/// </summary>
public sealed class ManagedEngine : IEngine, ITrainingMemory
{
    /// <inheritdoc/>
    public string Name => "managed";

    /// <inheritdoc/>
    public ITrainableModel Create(ModelDescription description, int threads)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Require(description.VocabularySize >= 2, $"A model needs a vocabulary of at least 2 tokens, not {description.VocabularySize}.");
        Require(description.Layers >= 1, $"A model needs at least 1 layer, not {description.Layers}.");
        Require(description.Heads >= 1, $"A model needs at least 1 head, not {description.Heads}.");
        Require(
            description.HiddenSize >= 2 && description.HiddenSize % (2 * description.Heads) == 0,
            $"The hidden size must be a multiple of twice the number of heads ({2 * description.Heads}), not {description.HiddenSize}.");
        Require(description.FeedForwardSize >= 1, $"The feed-forward size must be at least 1, not {description.FeedForwardSize}.");
        Require(description.MaximumSequenceLength >= 1, $"The longest sequence must have at least 1 token, not {description.MaximumSequenceLength}.");
        Require(Enum.IsDefined(description.Norm), $"There is no norm {(int)description.Norm}.");
        Require(description.NormEpsilon > 0, $"The norm's epsilon must be above 0, not {description.NormEpsilon}.");
        Require(description.RotaryBase > 0, $"The rotary base must be above 0, not {description.RotaryBase}.");
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

    private static void Require(bool met, string message)
    {
        if (!met)
        {
            throw new ArgumentException(message, "description");
        }
    }
}
