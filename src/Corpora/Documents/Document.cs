namespace SlungOrleans.Corpora;

/// <summary>A document of a corpus.</summary>
public sealed record Document
{
    /// <summary>Its id, unique in the corpus version.</summary>
    public required string Id { get; init; }

    /// <summary>Its text; never empty.</summary>
    public required string Text { get; init; }

    /// <summary>Spans that came with it (gold), in order, not overlapping. Empty if there are none.</summary>
    public IReadOnlyList<ScoredSpan> Spans { get; init; } = [];

    /// <summary>Whether it is high-risk as a whole; null if it has no label.</summary>
    public bool? HighRisk { get; init; }

    /// <summary>Its kind, for prompts: <c>risky</c> or <c>neutral</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>For reply items: the reply that fits the text.</summary>
    public string? FittingReply { get; init; }

    /// <summary>For reply items: a reply that does not fit the text.</summary>
    public string? UnfittingReply { get; init; }
}

/// <summary>A span of a text with a score.</summary>
/// <param name="Start">Index of its first UTF-16 code unit.</param>
/// <param name="End">Index after its last; above <paramref name="Start"/>.</param>
/// <param name="Score">Its risk, 0 to 1.</param>
public readonly record struct ScoredSpan(int Start, int End, double Score);

/// <summary>The label of a token, as in the authors' <c>label_mask</c>.</summary>
public enum RiskLabel : byte
{
    /// <summary>End of text; also memory never written. The authors' code writes <see cref="Benign"/> there.</summary>
    EndOfText = 0,

    /// <summary>Score at or below the benign threshold, or outside any span.</summary>
    Benign = 1,

    /// <summary>Score between the thresholds.</summary>
    Middle = 2,

    /// <summary>Score above the high-risk threshold.</summary>
    HighRisk = 3,
}

/// <summary>Where labels come from scores. Strictly above, as in the authors' code.</summary>
/// <param name="Benign">Scores above this are not benign.</param>
/// <param name="HighRisk">Scores above this are high-risk.</param>
public readonly record struct RiskThresholds(double Benign, double HighRisk)
{
    /// <summary>The authors' thresholds: 0.0001 and 0.99.</summary>
    public static RiskThresholds Default => new(1e-4, 0.99);

    /// <summary>The label of a score.</summary>
    /// <param name="score">The score, 0 to 1.</param>
    public RiskLabel LabelOf(double score) => score > HighRisk ? RiskLabel.HighRisk : score > Benign ? RiskLabel.Middle : RiskLabel.Benign;
}

/// <summary>Input that cannot be read: the message names file, line or field, what was found and what is expected.</summary>
public sealed class CorpusFormatException(string message, Exception? cause = null) : Exception(message, cause);
