namespace SlungOrleans.Corpora;

/// <summary>
/// Scores every sentence with the probability of a label of a fastText model: with the models of Dolma's taggers, this is Dolma's sentence
/// tagger but for where sentences end.
/// </summary>
public sealed class FastTextTagger : ITagger
{
    private const int Version = 1;

    private readonly FastTextModel _model;
    private readonly int _label;

    /// <summary>Makes a tagger of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="label">The label, as the model has it or without <c>__label__</c>.</param>
    /// <exception cref="CorpusFormatException">The model has no such label.</exception>
    public FastTextTagger(FastTextModel model, string label)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(label);
        _model = model;
        _label = Enumerable.Range(0, model.Labels.Count).FirstOrDefault(i => model.Labels[i] == label || model.Labels[i] == "__label__" + label, -1);
        if (_label < 0)
        {
            const int most = 10;
            var labels = string.Join(", ", model.Labels.Take(most)) + (model.Labels.Count > most ? ", …" : "");
            throw new CorpusFormatException($"fastText model: it has no label '{Excerpt.Of(label)}'; expected one of {labels}.");
        }

        Fingerprint = TaggerFingerprint.Of("fasttext", Version, [$"{SentenceSplitter.Version}", model.Fingerprint, model.Labels[_label]]);
    }

    /// <inheritdoc/>
    public string Name => "fasttext";

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ScoredSpan> Tag(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var sentences = SentenceSplitter.Split(document.Text);
        var spans = new ScoredSpan[sentences.Count];
        var probabilities = new float[_model.Labels.Count];
        for (var i = 0; i < spans.Length; i++)
        {
            var (start, end) = sentences[i];
            _model.Predict(document.Text.AsSpan(start, end - start), probabilities);
            spans[i] = new ScoredSpan(start, end, Math.Min(1.0, probabilities[_label]));
        }

        return spans;
    }
}
