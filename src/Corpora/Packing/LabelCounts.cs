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
        _ => throw new ArgumentOutOfRangeException(nameof(label), label, "A label is 0, 1, 2 or 3."),
    };

    /// <summary>These counts and those of further labels.</summary>
    /// <param name="labels">The labels, 0 to 3.</param>
    /// <param name="position">The position of the first of them, for the message.</param>
    /// <exception cref="CorpusFormatException">A label is above 3.</exception>
    internal LabelCounts With(ReadOnlySpan<byte> labels, long position)
    {
        var above = labels.IndexOfAnyExceptInRange((byte)RiskLabel.EndOfText, (byte)RiskLabel.HighRisk);
        return above < 0
            ? new LabelCounts(
                EndOfText + labels.Count((byte)RiskLabel.EndOfText),
                Benign + labels.Count((byte)RiskLabel.Benign),
                Middle + labels.Count((byte)RiskLabel.Middle),
                HighRisk + labels.Count((byte)RiskLabel.HighRisk))
            : throw new CorpusFormatException($"The label at position {position + above} is {labels[above]}; 0 to 3 is expected.");
    }
}
