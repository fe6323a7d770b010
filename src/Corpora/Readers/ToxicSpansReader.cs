using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>
/// Documents from the CSV of SemEval-2021 task 5 (Pavlopoulos et al. 2021): a text, and the offsets of its toxic code points.
/// </summary>
internal static class ToxicSpansReader
{
    public static IEnumerable<Document> Read(DocumentSource source)
    {
        using var table = new DelimitedTable(SourceFile.OpenText(source.Path), source.Path, ',');
        var (spans, text) = (table.Column("spans"), table.Column(source.TextField));
        for (var row = 1; table.Read(); row++)
        {
            var place = $"{source.Path}, line {table.Line}";
            var offsets = ParseOffsets(table.Field(spans), place);
            yield return new Document { Id = $"{row}", Text = table.Field(text), Spans = ToSpans(offsets, table.Field(text), place) };
        }
    }

    private static int[] ParseOffsets(string list, string place)
    {
        try
        {
            return JsonSerializer.Deserialize<int[]>(list) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new CorpusFormatException(
                $"{place}: field 'spans' is '{Excerpt.Of(list)}'; expected a list of whole numbers such as [0, 1, 2].", e);
        }
    }

    /// <summary>Runs of UTF-16 code units from offsets of code points, contiguous offsets in one run.</summary>
    internal static List<ScoredSpan> ToSpans(int[] offsets, string text, string place)
    {
        Array.Sort(offsets);
        var spans = new List<ScoredSpan>();
        var (point, unit, runStart, runEnd) = (0, 0, -1, -1);
        foreach (var offset in offsets)
        {
            for (; point < offset && unit < text.Length; point++)
            {
                unit += CodePointLength(text, unit);
            }

            if (offset < 0 || unit == text.Length)
            {
                throw new CorpusFormatException(
                    $"{place}: offset {offset} lies outside the text, which has {CodePoints(text)} code points.");
            }

            if (unit > runEnd && runEnd >= 0)
            {
                spans.Add(new ScoredSpan(runStart, runEnd, 1));
                runEnd = -1;
            }

            runStart = runEnd < 0 ? unit : runStart;
            runEnd = unit + CodePointLength(text, unit);
        }

        if (runEnd >= 0)
        {
            spans.Add(new ScoredSpan(runStart, runEnd, 1));
        }

        return spans;
    }

    private static int CodePointLength(string text, int unit) => char.IsSurrogatePair(text, unit) ? 2 : 1;

    private static int CodePoints(string text) => text.EnumerateRunes().Count();
}
