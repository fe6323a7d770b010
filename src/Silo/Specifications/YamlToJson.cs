using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Reads YAML as JSON, so that one serialiser knows the form of a study, and remembers the line of every node.</summary>
internal sealed class YamlToJson
{
    private readonly Dictionary<string, long> _lines = [];

    public JsonNode? Root { get; private init; }

    /// <exception cref="FormatException">The text is not YAML; the message names the line.</exception>
    public static YamlToJson Read(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            throw new FormatException($"Line {exception.Start.Line}: not YAML: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The scanner's answer to some texts whose brackets do not close; it does not say where.
            throw new FormatException("The text is not YAML: a bracket or a quote is not closed.", exception);
        }

        if (stream.Documents.Count != 1)
        {
            throw new FormatException($"Expected one YAML document, found {stream.Documents.Count}.");
        }

        var reading = new YamlToJson();
        return new YamlToJson(reading._lines) { Root = reading.Convert(stream.Documents[0].RootNode, "$") };
    }

    private YamlToJson(Dictionary<string, long>? lines = null) => _lines = lines ?? [];

    /// <summary>The line of a JSON path such as <c>$.arms[1].data</c>, or of the nearest node above it; 1 if there is none.</summary>
    public long LineOf(string? path)
    {
        for (var current = path ?? "$"; current.Length > 0; current = current[..Math.Max(0, current.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(current, out var line))
            {
                return line;
            }
        }

        return 1;
    }

    private JsonNode? Convert(YamlNode node, string path)
    {
        _lines[path] = node.Start.Line;
        return node switch
        {
            YamlMappingNode mapping => ConvertMapping(mapping, path),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Select((child, index) => Convert(child, $"{path}[{index}]"))]),
            YamlScalarNode scalar => ConvertScalar(scalar),
            _ => throw new FormatException($"Line {node.Start.Line}: YAML of this kind is not supported."),
        };
    }

    private JsonObject ConvertMapping(YamlMappingNode mapping, string path)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping)
        {
            if (key is not YamlScalarNode { Value: { } name })
            {
                throw new FormatException($"Line {key.Start.Line}: a name is expected here.");
            }

            result[name] = Convert(value, $"{path}.{name}");
        }

        return result;
    }

    private static JsonValue? ConvertScalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted or ScalarStyle.Literal or ScalarStyle.Folded)
        {
            return JsonValue.Create(text);
        }

        if (text is "" or "~" or "null")
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return JsonValue.Create(text == "true");
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return JsonValue.Create(integer);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
