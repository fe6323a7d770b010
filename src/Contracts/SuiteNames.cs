namespace SlungOrleans.Contracts;

/// <summary>Names of the evaluation suites.</summary>
public static class SuiteNames
{
    /// <summary>Linear probe on hidden states.</summary>
    public const string Recognition = "recognition";

    /// <summary>Toxicity of what the model generates.</summary>
    public const string Generation = "generation";

    /// <summary>Perplexity on held-out text.</summary>
    public const string Perplexity = "perplexity";

    /// <summary>Whether the model expects the reply that fits.</summary>
    public const string Replies = "replies";

    /// <summary>Every suite, in the order in which they are shown.</summary>
    public static ImmutableArray<string> All { get; } = [Recognition, Generation, Perplexity, Replies];
}
