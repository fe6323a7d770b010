namespace SlungOrleans.Corpora;

/// <summary>Where a document is cut into pieces that are tokenised one by one, each with one label.</summary>
public enum SpanCutting
{
    /// <summary>
    /// At both ends of every span: text outside spans is benign. One space right before a span goes with the span, so that a word in the middle of
    /// a text has the tokens that it has in unlabelled text. For spans that are words or phrases.
    /// </summary>
    ExactSpans,

    /// <summary>
    /// At the ends of spans only, as the authors' code does: text before a span goes with the span and gets its label; only text after the last
    /// span is benign. For spans that are sentences, with nothing but separators between them.
    /// </summary>
    SpanEnds,
}
