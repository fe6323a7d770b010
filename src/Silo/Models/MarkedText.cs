using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;

namespace SlungOrleans.Silo.Models;

/// <summary>A reader's own text, in which <c>[[</c> and <c>]]</c> stand around what is high-risk.</summary>
internal static class MarkedText
{
    private const string Opening = "[[";
    private const string Closing = "]]";

    /// <summary>The text without its marks, and spans of score 1 where they were.</summary>
    /// <exception cref="LabException">A mark is not closed, or nothing is between two marks.</exception>
    public static Document Read(string text)
    {
        var plain = new StringBuilder(text.Length);
        var spans = new List<ScoredSpan>();
        var position = 0;
        for (int open; (open = text.IndexOf(Opening, position, StringComparison.Ordinal)) >= 0;)
        {
            var close = text.IndexOf(Closing, open, StringComparison.Ordinal);
            if (close <= open + Opening.Length)
            {
                throw new LabException(close < 0
                    ? $"The text has '{Opening}' at character {open + 1} without '{Closing}' after it."
                    : $"The text has nothing between '{Opening}' and '{Closing}' at character {open + 1}.");
            }

            plain.Append(text, position, open - position);
            var start = plain.Length;
            plain.Append(text, open + Opening.Length, close - open - Opening.Length);
            spans.Add(new ScoredSpan(start, plain.Length, 1));
            position = close + Closing.Length;
        }

        plain.Append(text, position, text.Length - position);
        return new Document { Id = "", Text = plain.ToString(), Spans = spans };
    }
}
