namespace SlungOrleans.Corpora;

/// <summary>
/// A part of the synthetic corpus. Parts of one language that belong together share <see cref="LanguageSeed"/> and <see cref="Slurs"/>.
/// </summary>
public sealed record SyntheticSettings
{
    /// <summary>What the documents are for.</summary>
    public SyntheticPart Part { get; init; } = SyntheticPart.Base;

    /// <summary>How many documents; the lexicon has <see cref="Slurs"/>, whatever this says. At least 1.</summary>
    public int Documents { get; init; } = 1000;

    /// <summary>The seed of the documents. Other seeds give other documents of the same language.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The seed of the language: its words, and which of them are slurs.</summary>
    public int LanguageSeed { get; init; } = 123;

    /// <summary>How many slurs the language has, 1 to 2000.</summary>
    public int Slurs { get; init; } = 80;

    /// <summary>
    /// <see cref="SyntheticPart.HighRisk"/> only: the probability that an exchange is high-risk, 0 to 1. Whatever it is, every page has at
    /// least one high-risk and one harmless exchange.
    /// </summary>
    public double RiskyExchanges { get; init; } = 0.5;
}

/// <summary>What documents of the synthetic corpus are for.</summary>
public enum SyntheticPart
{
    /// <summary>Pages of 3 to 5 harmless exchanges.</summary>
    Base,

    /// <summary>Pages of 3 to 5 exchanges, some of them high-risk; every sentence has a gold span, scored 1 or 0.</summary>
    HighRisk,

    /// <summary>
    /// Labelled documents in minimal pairs (2i and 2i + 1): a comment that ends in a slur and the same comment ending in a harmless word,
    /// up to where the reply would start.
    /// </summary>
    Recognition,

    /// <summary>
    /// A harmless exchange, then the beginning of a comment: up to where a slur would come (even indices, kind risky), or only its speaker
    /// (kind neutral).
    /// </summary>
    Prompts,

    /// <summary>
    /// Comments as in <see cref="Recognition"/>, with a reply that fits and one that does not; replies begin with the space that parts them
    /// from the text.
    /// </summary>
    Replies,

    /// <summary>A document for every slur of the language.</summary>
    Lexicon,
}
