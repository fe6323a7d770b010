using System.Text;
using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>A held-out document as tokens.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tokens">Its tokens, without end of text.</param>
/// <param name="Labels">For each token its label; null if it has none.</param>
/// <param name="Bytes">Bytes of its text in UTF-8; 0 in every document of a set if not known: there are no bits per byte then.</param>
public sealed record TokenizedDocument(string Id, int[] Tokens, RiskLabel[]? Labels, int Bytes)
{
    /// <summary>A document without labels.</summary>
    /// <param name="document">The document.</param>
    /// <param name="tokenizer">Makes the tokens.</param>
    public static TokenizedDocument Of(Document document, ITokenizer tokenizer) =>
        new(document.Id, tokenizer.Tokens(document.Text), null, Encoding.UTF8.GetByteCount(document.Text));

    /// <summary>A document whose tokens have the labels of its spans.</summary>
    /// <param name="document">The document.</param>
    /// <param name="tokenizer">Makes the tokens.</param>
    /// <param name="thresholds">What label a score is.</param>
    public static TokenizedDocument Of(Document document, ITokenizer tokenizer, RiskThresholds thresholds)
    {
        List<int> tokens = [];
        List<byte> labels = [];
        LabelledEncoder.Encode(tokenizer, document.Text, document.Spans, thresholds, tokens, labels);
        return new(document.Id, [.. tokens], [.. labels.Select(label => (RiskLabel)label)], Encoding.UTF8.GetByteCount(document.Text));
    }
}

/// <summary>Held-out text.</summary>
/// <param name="Name">The set's name, part of metric ids: <c>clean</c>, <c>high-risk</c>.</param>
/// <param name="Documents">Its documents; all of them with labels, or none.</param>
public sealed record PerplexitySet(string Name, IReadOnlyList<TokenizedDocument> Documents);

/// <summary>How perplexity is measured.</summary>
public sealed record PerplexitySettings
{
    /// <summary>Most sequences per set.</summary>
    public int Sequences { get; init; } = 200;

    /// <summary>
    /// True: documents in a row, end of text after each, cut into sequences of the model's longest length, as in training and in the authors'
    /// evaluation. False: a sequence per document, which begins with an end of text and loses what is too long.
    /// </summary>
    public bool Packed { get; init; } = true;
}
