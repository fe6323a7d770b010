namespace SlungOrleans.Training;

/// <summary>What every engine asks of a model's description.</summary>
internal static class ModelRequirements
{
    /// <exception cref="ArgumentException">Something is out of its range; the message says what is expected.</exception>
    internal static void Ensure(ModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
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
    }

    private static void Require(bool met, string message)
    {
        if (!met)
        {
            throw new ArgumentException(message, "description");
        }
    }
}
