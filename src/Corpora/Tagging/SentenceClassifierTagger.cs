namespace SlungOrleans.Corpora;

/// <summary>Scores every sentence with the probability that a classifier gives it.</summary>
/// <remarks>
/// The probabilities are calibrated, so hardly any lies below 0.0001. The authors' thresholds are made for the overconfident scores of
/// fastText; here thresholds such as 0.1 and 0.9 part the text as theirs do.
/// </remarks>
/// <param name="classifier">The classifier.</param>
public sealed class SentenceClassifierTagger(HashedTextClassifier classifier) : ITagger
{
    /// <inheritdoc/>
    public string Name => "classifier";

    /// <inheritdoc/>
    public string Fingerprint { get; } = TaggerFingerprint.Of("classifier", SentenceSplitter.Version, [classifier.Fingerprint]);

    /// <inheritdoc/>
    public IReadOnlyList<ScoredSpan> Tag(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var sentences = SentenceSplitter.Split(document.Text);
        var spans = new ScoredSpan[sentences.Count];
        for (var i = 0; i < spans.Length; i++)
        {
            var (start, end) = sentences[i];
            spans[i] = new ScoredSpan(start, end, classifier.Predict(document.Text.AsSpan(start, end - start)));
        }

        return spans;
    }
}
