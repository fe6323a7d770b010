using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>Takes spans out of a text: how the low-risk arm's documents are made.</summary>
public static class SpanFilter
{
    /// <summary>
    /// Deletes every span that is not benign, and one white-space character right after it, unless that character belongs to the next span. The
    /// spans that stay are moved to where their text now is.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="spans">Its spans, in order, not overlapping.</param>
    /// <param name="benignThreshold">Spans that score above this are deleted.</param>
    /// <exception cref="CorpusFormatException">The spans are not in order, overlap, or do not fit the text.</exception>
    public static FilteredText Remove(string text, IReadOnlyList<ScoredSpan> spans, double benignThreshold)
    {
        SpanChecks.Check(text, spans);
        var kept = new StringBuilder(text.Length);
        var keptSpans = new List<ScoredSpan>();
        var copied = 0;
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            if (span.Score > benignThreshold)
            {
                kept.Append(text, copied, span.Start - copied);
                var next = i + 1 < spans.Count ? spans[i + 1].Start : text.Length;
                copied = span.End < next && char.IsWhiteSpace(text[span.End]) ? span.End + 1 : span.End;
            }
            else
            {
                var moved = copied - kept.Length;
                keptSpans.Add(span with { Start = span.Start - moved, End = span.End - moved });
            }
        }

        kept.Append(text, copied, text.Length - copied);
        return new FilteredText(kept.ToString(), keptSpans);
    }
}

/// <summary>A text without its spans above a threshold.</summary>
/// <param name="Text">What is left; it can be empty.</param>
/// <param name="Spans">The spans that are left, where they now are.</param>
public sealed record FilteredText(string Text, IReadOnlyList<ScoredSpan> Spans)
{
    /// <summary>Whether nothing but white space is left.</summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(Text);
}
