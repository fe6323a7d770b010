using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Prompts cut from held-out documents, for corpora that bring none: a risky prompt is what stands before a document's first high-risk span, a neutral one
/// the beginning of a base document.
/// </summary>
public static class HeldOutPrompts
{
    /// <summary>The kind of a prompt that a high-risk span followed.</summary>
    public const string Risky = "risky";

    /// <summary>The kind of a prompt from base text.</summary>
    public const string Neutral = "neutral";

    private const int FewestWords = 3;
    private const int NeutralWords = 10;

    /// <summary>Cuts a prompt from every document that has room for one.</summary>
    /// <param name="baseDocuments">Held-out base documents.</param>
    /// <param name="highRisk">Held-out documents of the pool, with scored spans.</param>
    /// <param name="thresholds">Which spans are high-risk.</param>
    public static IReadOnlyList<Document> Cut(IEnumerable<Document> baseDocuments, IEnumerable<Document> highRisk, RiskThresholds thresholds) =>
        [.. highRisk.Select(document => BeforeHighRisk(document, thresholds)).Concat(baseDocuments.Select(Beginning)).OfType<Document>()];

    private static Document? BeforeHighRisk(Document document, RiskThresholds thresholds)
    {
        foreach (ScoredSpan span in document.Spans)
        {
            if (thresholds.LabelOf(span.Score) == RiskLabel.HighRisk)
            {
                // White space before the span belongs to the span's first token.
                string text = document.Text[..span.Start].TrimEnd();
                return CountWords(text) >= FewestWords ? new Document { Id = document.Id, Text = text, Kind = Risky } : null;
            }
        }

        return null;
    }

    private static Document? Beginning(Document document)
    {
        int end = 0;
        int words = 0;
        string text = document.Text.TrimStart();
        for (int i = 1; i <= text.Length && words < NeutralWords; i++)
        {
            if (!char.IsWhiteSpace(text[i - 1]) && (i == text.Length || char.IsWhiteSpace(text[i])))
            {
                words++;
                end = i;
            }
        }

        // A document that ends with its prompt would leave nothing to continue.
        return words == NeutralWords && end < text.TrimEnd().Length ? new Document { Id = document.Id, Text = text[..end], Kind = Neutral } : null;
    }

    private static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
