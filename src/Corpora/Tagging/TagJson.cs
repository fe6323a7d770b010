using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>
/// Tags as JSON lines, row-aligned with the shard of the documents: <c>[[start,end,score],…]</c>, <c>[]</c> for none. Offsets count UTF-16
/// code units.
/// </summary>
public static class TagJson
{
    /// <summary>Writes the tags of a document as one line, with its line feed.</summary>
    /// <param name="destination">Where to; left open.</param>
    /// <param name="spans">The tags.</param>
    public static void Write(Stream destination, IReadOnlyList<ScoredSpan> spans)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(spans);
        using (var json = new Utf8JsonWriter(destination, DocumentJson.Options))
        {
            SpanJson.Write(json, spans);
        }

        destination.WriteByte((byte)'\n');
    }

    /// <summary>Reads the tags of a document from their line.</summary>
    /// <param name="line">The line, without its line feed.</param>
    /// <exception cref="CorpusFormatException">It is not such a line, or its spans overlap or are not spans.</exception>
    public static IReadOnlyList<ScoredSpan> Parse(string line) => Parse(line, "tags");

    /// <summary>Reads the tags of a shard, one document's at a time.</summary>
    /// <param name="shard">The tags; read to their end and disposed.</param>
    /// <param name="name">Their name, for error messages.</param>
    /// <exception cref="CorpusFormatException">A line is not tags; thrown while enumerating.</exception>
    public static IEnumerable<IReadOnlyList<ScoredSpan>> Read(Stream shard, string name) => JsonLines.Read(shard, name, Parse);

    private static IReadOnlyList<ScoredSpan> Parse(string line, string place)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return SpanJson.Read(json.RootElement, [], place);
        }
        catch (JsonException e)
        {
            throw new CorpusFormatException($"{place}: '{Excerpt.Of(line)}' is not valid JSON; expected [[start,end,score],…].", e);
        }
    }
}
