namespace SlungOrleans.Corpora;

internal static class SpanChecks
{
    /// <exception cref="CorpusFormatException">A span is empty, outside the text, before or over another, in the middle of a character, or has no finite score.</exception>
    internal static void Check(string text, IReadOnlyList<ScoredSpan> spans)
    {
        var end = 0;
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            if (span.Start < end || span.End <= span.Start || span.End > text.Length)
            {
                throw new CorpusFormatException(
                    $"Span {i} goes from {span.Start} to {span.End}; an end above its start, a start of {end} or above and an end of {text.Length} or below are expected.");
            }

            if (CutsCharacter(text, span.Start) || CutsCharacter(text, span.End))
            {
                throw new CorpusFormatException(
                    $"Span {i} goes from {span.Start} to {span.End} and cuts a character in two (a surrogate pair); ends between characters are expected.");
            }

            if (!double.IsFinite(span.Score))
            {
                throw new CorpusFormatException(FormattableString.Invariant($"Span {i} has the score {span.Score}; a finite number is expected."));
            }

            end = span.End;
        }
    }

    private static bool CutsCharacter(string text, int index) =>
        index > 0 && index < text.Length && char.IsSurrogatePair(text[index - 1], text[index]);
}
