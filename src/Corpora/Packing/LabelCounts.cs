using System.Text.Json.Serialization;

namespace SlungOrleans.Corpora;

/// <summary>How many tokens have which label.</summary>
/// <param name="EndOfText">Label 0.</param>
/// <param name="Benign">Label 1.</param>
/// <param name="Middle">Label 2.</param>
/// <param name="HighRisk">Label 3.</param>
public sealed record LabelCounts(
    [property: JsonPropertyName("endOfText")] long EndOfText,
    [property: JsonPropertyName("benign")] long Benign,
    [property: JsonPropertyName("middle")] long Middle,
    [property: JsonPropertyName("highRisk")] long HighRisk)
{
    /// <summary>How many tokens have a label.</summary>
    /// <param name="label">The label.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    [JsonIgnore]
    public long this[RiskLabel label] => label switch
    {
        RiskLabel.EndOfText => EndOfText,
        RiskLabel.Benign => Benign,
        RiskLabel.Middle => Middle,
        RiskLabel.HighRisk => HighRisk,
        _ => throw new ArgumentOutOfRangeException(nameof(label), label, "A label is 0 (end of text), 1 (benign), 2 (middle) or 3 (high-risk)."),
    };

    /// <summary>Counts labels.</summary>
    /// <param name="labels">The labels, 0 to 3.</param>
    /// <exception cref="CorpusFormatException">A label is above 3.</exception>
    public static LabelCounts Of(ReadOnlySpan<byte> labels)
    {
        var above = labels.IndexOfAnyExceptInRange((byte)RiskLabel.EndOfText, (byte)RiskLabel.HighRisk);
        return above < 0
            ? new LabelCounts(
                labels.Count((byte)RiskLabel.EndOfText),
                labels.Count((byte)RiskLabel.Benign),
                labels.Count((byte)RiskLabel.Middle),
                labels.Count((byte)RiskLabel.HighRisk))
            : throw new CorpusFormatException($"The label at position {above} is {labels[above]}; 0 to 3 is expected.");
    }
}
