namespace SlungOrleans.Corpora;

/// <summary>Text with scored spans to token ids with labels.</summary>
public static class LabelledEncoder
{
    /// <summary>
    /// Cuts a text at its spans, tokenises the pieces one by one and gives every token its piece's label. No special tokens are added.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">The text.</param>
    /// <param name="spans">Its spans, in order, not overlapping.</param>
    /// <param name="thresholds">What label a score is.</param>
    /// <param name="tokens">Receives the ids, behind what it holds.</param>
    /// <param name="labels">Receives a <see cref="RiskLabel"/> for every id.</param>
    /// <param name="cutting">Where the text is cut.</param>
    /// <exception cref="CorpusFormatException">The spans are not in order, overlap, or do not fit the text.</exception>
    public static void Encode(
        ITokenizer tokenizer,
        string text,
        IReadOnlyList<ScoredSpan> spans,
        RiskThresholds thresholds,
        List<int> tokens,
        List<byte> labels,
        SpanCutting cutting = SpanCutting.ExactSpans)
    {
        SpanChecks.Check(text, spans);
        var start = 0;
        foreach (var span in spans)
        {
            if (cutting == SpanCutting.ExactSpans)
            {
                Piece(span.Start > start && text[span.Start - 1] == ' ' ? span.Start - 1 : span.Start, RiskLabel.Benign);
            }

            Piece(span.End, thresholds.LabelOf(span.Score));
        }

        Piece(text.Length, RiskLabel.Benign);

        void Piece(int end, RiskLabel label)
        {
            tokenizer.Encode(text.AsSpan(start, end - start), tokens);
            AddRange(labels, (byte)label, tokens.Count - labels.Count);
            start = end;
        }
    }

    private static void AddRange(List<byte> labels, byte label, int count)
    {
        labels.EnsureCapacity(labels.Count + count);
        for (var i = 0; i < count; i++)
        {
            labels.Add(label);
        }
    }
}
