using System.Globalization;
using System.Text.Json;

namespace SlungOrleans.Dashboard.Model;

/// <summary>The audit of a study's arms as a table: whatever columns the artefact has.</summary>
/// <param name="Columns">Titles, in the order in which rows first have them.</param>
/// <param name="Rows">Cells as people read them, one per column.</param>
/// <param name="Faults">What is wrong, one sentence each.</param>
public sealed record Audit(ImmutableArray<AuditColumn> Columns, ImmutableArray<ImmutableArray<string>> Rows, ImmutableArray<string> Faults)
{
    /// <summary>Reads the artefact's text: an object with <c>rows</c> (objects, at most one in another) and <c>faults</c> (sentences). Null if there is none.</summary>
    /// <param name="json">The text; null if there is no artefact.</param>
    public static Audit? Read(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new Audit([], [], [$"The audit in the store cannot be read: {exception.Message}"]);
        }
    }

    private static Audit Read(JsonElement root)
    {
        var rows = root.GetProperty("rows").EnumerateArray()
            .Select(row => Cells(row).ToDictionary(cell => cell.Name, cell => cell.Value, StringComparer.Ordinal)).ToArray();
        var names = rows.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal).ToArray();
        var columns = names.Select(name => new AuditColumn(
            Titled(name), rows.Any(row => row.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number)));
        var cells = rows.Select(row => names.Select(name => row.TryGetValue(name, out var value) ? Text(value) : "").ToImmutableArray());
        var faults = root.TryGetProperty("faults", out var list) ? list.EnumerateArray().Select(Text) : [];
        return new Audit([.. columns], [.. cells], [.. faults]);
    }

    // Figures that belong together (tokens by label) are an object of their own in the artefact, and columns here.
    private static IEnumerable<JsonProperty> Cells(JsonElement row) => row.EnumerateObject()
        .SelectMany(cell => cell.Value.ValueKind == JsonValueKind.Object ? cell.Value.EnumerateObject() : Enumerable.Repeat(cell, 1));

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? Format.Count(whole) : Format.Setting(value.GetDouble()),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // lossBearingTokens -> Loss bearing tokens
    private static string Titled(string name)
    {
        var words = string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter)
            ? $" {char.ToLower(letter, CultureInfo.InvariantCulture)}"
            : letter.ToString()));
        return words.Length == 0 ? name : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }
}

/// <summary>A column of the audit.</summary>
/// <param name="Title">Its title.</param>
/// <param name="IsNumber">Whether it holds numbers.</param>
public sealed record AuditColumn(string Title, bool IsNumber);
