namespace SlungOrleans.Corpora;

/// <summary>Gives back the spans that came with a document.</summary>
public sealed class GoldTagger : ITagger
{
    /// <inheritdoc/>
    public string Name => "gold";

    /// <inheritdoc/>
    public string Fingerprint { get; } = TaggerFingerprint.Of("gold", 1, []);

    /// <inheritdoc/>
    public IReadOnlyList<ScoredSpan> Tag(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document.Spans;
    }
}
