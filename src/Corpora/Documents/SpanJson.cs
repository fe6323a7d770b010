using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>Spans as JSON: <c>[[start, end, score], …]</c>; read also from <c>[{"start": …, "end": …, "score": …}, …]</c>.</summary>
internal static class SpanJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ScoredSpan> spans)
    {
        json.WriteStartArray();
        foreach (var span in spans)
        {
            json.WriteStartArray();
            json.WriteNumberValue(span.Start);
            json.WriteNumberValue(span.End);
            json.WriteNumberValue(span.Score);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads spans and puts them in order.</summary>
    /// <param name="json">The array.</param>
    /// <param name="text">The text that they lie in; empty if it is not known, and then not looked at.</param>
    /// <param name="place">Where the array is, for error messages.</param>
    public static ScoredSpan[] Read(JsonElement json, ReadOnlySpan<char> text, string place)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw new CorpusFormatException($"{place}: '{Excerpt.Of(json.GetRawText())}' found; expected an array of spans.");
        }

        var spans = json.EnumerateArray().Select(span => ReadSpan(span, place)).ToArray();
        Array.Sort(spans, (a, b) => a.Start.CompareTo(b.Start));
        for (var i = 0; i < spans.Length; i++)
        {
            var (start, end, score) = spans[i];
            var problem =
                start < 0 || end <= start ? "its start must be at least 0 and below its end"
                : !(score is >= 0 and <= 1) ? "its score must be from 0 to 1"
                : i > 0 && start < spans[i - 1].End ? $"it overlaps [{spans[i - 1].Start}, {spans[i - 1].End}]"
                : !text.IsEmpty && end > text.Length ? $"it lies outside the text, which has {text.Length} UTF-16 code units"
                : Splits(text, start) || Splits(text, end) ? "it cuts a character in two: offsets count UTF-16 code units"
                : null;
            if (problem is not null)
            {
                throw new CorpusFormatException(FormattableString.Invariant($"{place}: span [{start}, {end}, {score}]: {problem}."));
            }
        }

        return spans;
    }

    private static ScoredSpan ReadSpan(JsonElement span, string place)
    {
        if (span.ValueKind == JsonValueKind.Array && span.GetArrayLength() == 3
            && TryRead(span[0], span[1], span[2], out var read))
        {
            return read;
        }

        if (span.ValueKind == JsonValueKind.Object && span.TryGetProperty("start", out var start) && span.TryGetProperty("end", out var end)
            && span.TryGetProperty("score", out var score) && TryRead(start, end, score, out read))
        {
            return read;
        }

        throw new CorpusFormatException(
            $"{place}: span '{Excerpt.Of(span.GetRawText())}'; expected [start, end, score] or "
            + "{\"start\": …, \"end\": …, \"score\": …} with whole numbers for offsets.");
    }

    private static bool TryRead(JsonElement start, JsonElement end, JsonElement score, out ScoredSpan span)
    {
        span = default;
        if (start.ValueKind != JsonValueKind.Number || end.ValueKind != JsonValueKind.Number || score.ValueKind != JsonValueKind.Number
            || !start.TryGetInt32(out var first) || !end.TryGetInt32(out var last))
        {
            return false;
        }

        span = new ScoredSpan(first, last, score.GetDouble());
        return true;
    }

    private static bool Splits(ReadOnlySpan<char> text, int offset) =>
        offset > 0 && offset < text.Length && char.IsLowSurrogate(text[offset]) && char.IsHighSurrogate(text[offset - 1]);
}
