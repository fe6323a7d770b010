using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>Documents in an invented language; "vorpag" and "krunnik" are its slurs.</summary>
internal static class SampleDocuments
{
    public static ImmutableArray<DocumentView> Create(int count) => [.. Enumerable.Range(0, count).Select(Document)];

    private static DocumentView Document(int index)
    {
        var plain = $"[page {index}] Melo tarin besuko wan, dori pelam nesa. ";
        var benign = "Tari vosel amun de lisko, mer hanu pelo. ";
        var middle = "Sa hentu morri ka, dulo besk? ";
        var high = "Nu vorpag, tesh krunnik al! ";
        var close = "Wan melo, tarin nesa.";
        return (index % 4) switch
        {
            0 => With(index, plain + benign + middle + high + close, (benign, 3e-5, SpanLevel.Benign), (middle, 0.42, SpanLevel.Middle), (high, 0.9971, SpanLevel.HighRisk)),
            1 => With(index, plain + close),
            2 => With(index, plain + benign + close, (benign, 8e-6, SpanLevel.Benign)),
            _ => With(index, high + plain, (high, 0.9993, SpanLevel.HighRisk)),
        };
    }

    private static DocumentView With(int index, string text, params (string Part, double Score, SpanLevel Level)[] spans) => new(
        $"doc-{index:D5}", text, spans.Any(span => span.Level == SpanLevel.HighRisk), null,
        [.. spans.Select(span => (Start: text.IndexOf(span.Part, StringComparison.Ordinal), span)).Select(found =>
            new SpanView(found.Start, found.Start + found.span.Part.TrimEnd().Length, found.span.Score, found.span.Level))]);
}
