using SlungOrleans.Contracts;
using SlungOrleans.Corpora;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>Documents as people are shown them.</summary>
internal static class DocumentViews
{
    /// <summary>The document with its spans, their levels at some thresholds.</summary>
    public static DocumentView Of(Document document, RiskThresholds thresholds) => new(
        document.Id, document.Text, document.HighRisk, document.Kind,
        [.. document.Spans.Select(span => new SpanView(span.Start, span.End, span.Score, LevelOf(thresholds.LabelOf(span.Score))))]);

    public static SpanLevel LevelOf(RiskLabel label) => label switch
    {
        RiskLabel.HighRisk => SpanLevel.HighRisk,
        RiskLabel.Middle => SpanLevel.Middle,
        _ => SpanLevel.Benign,
    };
}
