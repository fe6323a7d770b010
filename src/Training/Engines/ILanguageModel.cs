namespace SlungOrleans.Training;

/// <summary>
/// A model that is asked, not trained. Results do not depend on the number of threads, nor on which other inputs share a call.
/// Inputs longer than <see cref="ModelDescription.MaximumSequenceLength"/> are refused; callers cut them.
/// </summary>
public interface ILanguageModel : IDisposable
{
    /// <summary>The model.</summary>
    ModelDescription Description { get; }

    /// <summary>log p(token t | tokens before it) for every sequence and t = 1 .. length - 1.</summary>
    /// <param name="sequences">Token ids; each at least one long.</param>
    /// <returns>For each sequence its length - 1 log-probabilities (natural logarithm).</returns>
    float[][] Score(IReadOnlyList<int[]> sequences);

    /// <summary>The hidden state after the final norm at the last token of every sequence.</summary>
    /// <param name="sequences">Token ids; each at least one long.</param>
    /// <returns>For each sequence <see cref="ModelDescription.HiddenSize"/> values.</returns>
    float[][] LastHiddenStates(IReadOnlyList<int[]> sequences);

    /// <summary>Samples a continuation of every prompt, with a key-value cache.</summary>
    /// <param name="prompts">Token ids; each at least one long, prompt and continuation together at most the longest sequence (a continuation is cut there).</param>
    /// <param name="settings">How to sample.</param>
    /// <param name="streams">For each prompt the number of its random stream; equal prompts and streams give equal continuations.</param>
    /// <returns>For each prompt the new tokens, without the end of text that ended it.</returns>
    int[][] Generate(IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams);
}

/// <summary>How continuations are sampled.</summary>
public sealed record SamplingSettings
{
    /// <summary>Most new tokens.</summary>
    public int NewTokens { get; init; } = 50;

    /// <summary>Only the k likeliest tokens; 0 for all.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>Divides the logits; 0 for the likeliest token always.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>A token that ends the continuation; -1 for none.</summary>
    public int EndOfText { get; init; } = -1;

    /// <summary>The seed of the random streams.</summary>
    public ulong Seed { get; init; }
}
