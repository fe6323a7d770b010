namespace SlungOrleans.Training;

/// <summary>What every engine asks of what a model is given.</summary>
internal static class ModelInputs
{
    /// <exception cref="ArgumentException">The batch is not whole, or a token is not in the vocabulary.</exception>
    internal static void CheckBatch(ModelDescription model, TokenBatch batch)
    {
        CheckLength(model, batch.Length, nameof(batch));
        long expected = (long)batch.Sequences * batch.Length;
        if (batch.Sequences < 1 || batch.Tokens.Length != expected || batch.Labels.Length != expected)
        {
            throw new ArgumentException(
                $"A batch of {batch.Sequences} sequences of {batch.Length} has {expected} tokens and labels, "
                + $"not {batch.Tokens.Length} and {batch.Labels.Length}.",
                nameof(batch));
        }

        CheckTokens(model, batch.Tokens.Span, nameof(batch));
    }

    /// <summary>Checks sequences and returns the length of the longest; 0 if there are none.</summary>
    /// <exception cref="ArgumentException">One is empty or too long, or a token is not in the vocabulary.</exception>
    internal static int CheckSequences(ModelDescription model, IReadOnlyList<int[]> sequences)
    {
        int longest = 0;
        foreach (int[] tokens in sequences)
        {
            CheckLength(model, tokens.Length, nameof(sequences));
            CheckTokens(model, tokens, nameof(sequences));
            longest = Math.Max(longest, tokens.Length);
        }

        return longest;
    }

    /// <exception cref="ArgumentException">The settings are out of range, prompts and streams do not match, or a prompt cannot be used.</exception>
    internal static void CheckSampling(ModelDescription model, IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settings.NewTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.TopK);
        if (!(settings.Temperature >= 0 && float.IsFinite(settings.Temperature)))
        {
            throw new ArgumentException($"A temperature is 0 or above, not {settings.Temperature}.", nameof(settings));
        }

        if (streams.Count != prompts.Count)
        {
            throw new ArgumentException($"There are {prompts.Count} prompts but {streams.Count} random streams.", nameof(streams));
        }

        foreach (int[] prompt in prompts)
        {
            CheckLength(model, prompt.Length, nameof(prompts));
            CheckTokens(model, prompt, nameof(prompts));
        }
    }

    private static void CheckTokens(ModelDescription model, ReadOnlySpan<int> tokens, string argument)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)model.VocabularySize)
            {
                throw new ArgumentException($"Token {token} is not in the vocabulary of {model.VocabularySize}.", argument);
            }
        }
    }

    private static void CheckLength(ModelDescription model, int length, string argument)
    {
        if (length < 1 || length > model.MaximumSequenceLength)
        {
            throw new ArgumentException($"A sequence has 1 to {model.MaximumSequenceLength} tokens, not {length}.", argument);
        }
    }
}
