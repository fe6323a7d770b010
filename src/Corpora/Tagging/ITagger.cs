namespace SlungOrleans.Corpora;

/// <summary>Gives spans of a document scores. Thresholds are applied later, when arms are mixed.</summary>
public interface ITagger
{
    /// <summary>The tagger's name.</summary>
    string Name { get; }

    /// <summary>A hash of everything that its scores depend on.</summary>
    string Fingerprint { get; }

    /// <summary>Scores the spans of a document: in order, not overlapping.</summary>
    /// <param name="document">The document.</param>
    IReadOnlyList<ScoredSpan> Tag(Document document);
}
