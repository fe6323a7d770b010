namespace SlungOrleans.Corpora;

/// <summary>A document's tokens, with a label for each. None if nothing is left of its text.</summary>
internal sealed record EncodedDocument(string Id, int[] Tokens, byte[] Labels)
{
    /// <summary>How many tokens it takes when packed: its own and an end-of-text token.</summary>
    internal int PackedTokens => Tokens.Length == 0 ? 0 : Tokens.Length + 1;
}

/// <summary>A document of the pool in both its texts, each encoded once.</summary>
internal sealed record PoolDocument(EncodedDocument Original, EncodedDocument Filtered);

/// <summary>Encodes documents for arms.</summary>
internal sealed class DocumentEncoder(ITokenizer tokenizer, RiskThresholds thresholds, SpanCutting cutting)
{
    private readonly List<int> _tokens = [];
    private readonly List<byte> _labels = [];

    internal PoolDocument EncodePool(Document document)
    {
        try
        {
            var filtered = SpanFilter.Remove(document.Text, document.Spans, thresholds.Benign);
            return new PoolDocument(
                Encode(document.Id, document.Text, document.Spans),
                filtered.IsEmpty ? new EncodedDocument(document.Id, [], []) : Encode(document.Id, filtered.Text, filtered.Spans));
        }
        catch (CorpusFormatException exception)
        {
            throw new CorpusFormatException($"Document '{document.Id}': {exception.Message}", exception);
        }
    }

    private EncodedDocument Encode(string id, string text, IReadOnlyList<ScoredSpan> spans)
    {
        _tokens.Clear();
        _labels.Clear();
        LabelledEncoder.Encode(tokenizer, text, spans, thresholds, _tokens, _labels, cutting);
        return new EncodedDocument(id, [.. _tokens], [.. _labels]);
    }
}
