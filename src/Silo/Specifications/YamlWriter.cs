using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Writes JSON as the YAML that people write: mappings and lists that fit a line in a line, longer ones in blocks.</summary>
internal static partial class YamlWriter
{
    private const int Width = 120;

    /// <summary>Writes a mapping, an empty line between those of its entries that are mappings or lists in blocks.</summary>
    public static string Write(JsonObject root)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in root)
        {
            var entry = new StringBuilder();
            WriteEntry(entry, name, value, 0);
            if (text.Length > 0 && entry.ToString().AsSpan().TrimEnd('\n').Contains('\n'))
            {
                text.Append('\n');
            }

            text.Append(entry);
        }

        return text.ToString();
    }

    private static void WriteEntry(StringBuilder text, string name, JsonNode? value, int indent)
    {
        var line = $"{new string(' ', indent)}{Text(name)}: {InLine(value)}";
        var inLine = value switch
        {
            JsonArray { Count: > 0 } list => list.All(item => item is not JsonObject) && line.Length <= Width,
            JsonObject { Count: > 0 } => line.Length <= Width,
            _ => true,
        };
        if (inLine)
        {
            text.Append(line).Append('\n');
            return;
        }

        text.Append(' ', indent).Append(Text(name)).Append(":\n");
        if (value is JsonObject mapping)
        {
            foreach (var (key, child) in mapping)
            {
                WriteEntry(text, key, child, indent + 2);
            }
        }
        else
        {
            foreach (var item in (JsonArray)value!)
            {
                WriteItem(text, item, indent + 2);
            }
        }
    }

    private static void WriteItem(StringBuilder text, JsonNode? item, int indent)
    {
        var line = $"{new string(' ', indent)}- {InLine(item)}";
        if (item is not JsonObject { Count: > 0 } mapping || line.Length <= Width)
        {
            text.Append(line).Append('\n');
            return;
        }

        // The first entry stands behind the dash, the others below it.
        var block = new StringBuilder();
        foreach (var (key, child) in mapping)
        {
            WriteEntry(block, key, child, indent + 2);
        }

        text.Append(' ', indent).Append("- ").Append(block.ToString().AsSpan(indent + 2));
    }

    private static string InLine(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject mapping => $"{{ {string.Join(", ", mapping.Select(entry => $"{Text(entry.Key)}: {InLine(entry.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(InLine))}]",
        _ => node.GetValueKind() == JsonValueKind.String ? Text(node.GetValue<string>()) : node.ToJsonString(),
    };

    /// <summary>A text as it is where that cannot be mistaken for anything else, else between quotes.</summary>
    private static string Text(string text)
    {
        var plain = Plain().IsMatch(text)
            && text is not ("true" or "false" or "null")
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return plain ? text : Quoted(text);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' or >= '\ufffe' => $"\\u{(int)letter:x4}",
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    // Letters, digits and what paths and sentences are made of; no colon, comma, bracket, brace, quote or '#', which mean something to YAML.
    [GeneratedRegex(@"^[\p{L}_./][\p{L}\p{Nd}_./()%+-]*( [\p{L}\p{Nd}_./()%+-]+)*\z")]
    private static partial Regex Plain();
}
