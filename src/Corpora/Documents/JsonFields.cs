using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>The fields of a JSON object on a line; what is wrong is told with the line's place.</summary>
internal sealed class JsonFields : IDisposable
{
    private readonly JsonDocument _json;
    private readonly string _place;

    private JsonFields(JsonDocument json, string place) => (_json, _place) = (json, place);

    public static JsonFields Parse(string line, string place)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new CorpusFormatException(
                $"{place}: '{Excerpt.Of(line)}' is not valid JSON ({Reason(e)}); expected one JSON object per line.", e);
        }

        if (json.RootElement.ValueKind == JsonValueKind.Object)
        {
            return new JsonFields(json, place);
        }

        using (json)
        {
            throw new CorpusFormatException($"{place}: {Kind(json.RootElement)} found; expected one JSON object per line.");
        }
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The text in a field, which must be there; empty if it is null.</summary>
    public string TextOrEmpty(string field) => _json.RootElement.TryGetProperty(field, out _) ? Text(field) ?? "" : throw Missing(field);

    /// <summary>The text in a field, which must be there and not be null.</summary>
    public string RequiredText(string field) => Text(field) ?? throw Missing(field);

    /// <summary>The text in a field; null if there is no such field or it is null.</summary>
    public string? Text(string field) =>
        Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? String(field, value)
        : throw Unexpected(field, value, "a string");

    /// <summary>A string or number as it is written; null if there is no such field or it is null.</summary>
    public string? TextOrNumber(string field) =>
        Find(field) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : Text(field);

    /// <summary>A string, number, true or false as it is written; null if there is no such field or it is null.</summary>
    public string? Scalar(string field) =>
        Find(field) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetRawText() : TextOrNumber(field);

    /// <summary>A string, number, true or false as it is written, in a field that must be there; null if it is null.</summary>
    public string? RequiredScalar(string field) => _json.RootElement.TryGetProperty(field, out _) ? Scalar(field) : throw Missing(field);

    /// <summary>True or false; null if there is no such field or it is null.</summary>
    public bool? Flag(string field) =>
        Find(field) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Unexpected(field, value, "true or false");

    /// <summary>The spans in a field; none if there is no such field or it is null.</summary>
    public IReadOnlyList<ScoredSpan> Spans(string field, string text) =>
        Find(field) is { } value ? SpanJson.Read(value, text.AsSpan(), $"{_place}, field '{field}'") : [];

    private JsonElement? Find(string field) =>
        _json.RootElement.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string String(string field, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new CorpusFormatException($"{_place}: field '{field}' has half a surrogate pair; expected valid Unicode.", e);
        }
    }

    private CorpusFormatException Missing(string field) =>
        new($"{_place}: nothing in field '{field}'; the fields are "
            + $"{string.Join(", ", _json.RootElement.EnumerateObject().Select(p => $"'{p.Name}'"))}.");

    private CorpusFormatException Unexpected(string field, JsonElement value, string expected) =>
        new($"{_place}: field '{field}' is {Kind(value)}; expected {expected}.");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => $"the number {Excerpt.Of(value.GetRawText())}",
        _ => Excerpt.Of(value.GetRawText()),
    };

    /// <summary>The parser's message without its own count of lines, which is always 0 here.</summary>
    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }
}
