using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A piece of a document: text within one span, or between spans (no level).</summary>
internal sealed record TextPiece(string Text, SpanLevel? Level, double Score)
{
    /// <summary>The whole text in pieces, in order. Spans that reach beyond the text or into each other are cut.</summary>
    public static ImmutableArray<TextPiece> Of(DocumentView document)
    {
        var pieces = ImmutableArray.CreateBuilder<TextPiece>();
        var position = 0;
        foreach (var span in document.Spans.OrderBy(span => span.Start))
        {
            var start = Math.Clamp(span.Start, position, document.Text.Length);
            var end = Math.Clamp(span.End, start, document.Text.Length);
            if (end > start)
            {
                AddPlain(start);
                pieces.Add(new TextPiece(document.Text[start..end], span.Level, span.Score));
                position = end;
            }
        }

        AddPlain(document.Text.Length);
        return pieces.ToImmutable();

        void AddPlain(int end)
        {
            if (end > position)
            {
                pieces.Add(new TextPiece(document.Text[position..end], null, 0));
            }
        }
    }
}
