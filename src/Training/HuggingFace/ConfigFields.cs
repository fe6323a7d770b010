using System.Globalization;
using System.Text.Json;

namespace SlungOrleans.Training;

/// <summary>The fields of a config.json. What is absent or null has its default; what is there and of another form is a fault that names the field.</summary>
internal sealed class ConfigFields
{
    internal const string FileName = "config.json";

    private const int LongestFile = 1 << 20;
    private const int LongestExcerpt = 60;

    private readonly string _folder;
    private readonly string _path;
    private readonly JsonElement _object;

    private ConfigFields(string folder, string path, JsonElement fields)
    {
        _folder = folder;
        _path = path;
        _object = fields;
    }

    /// <exception cref="HuggingFaceException">The file is not there, too long, or not a JSON object.</exception>
    internal static ConfigFields Read(string folder)
    {
        byte[] json = FolderFiles.ReadAll(folder, FileName, LongestFile);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigFields(folder, "", document.RootElement.Clone())
                : throw new HuggingFaceException(folder, $"{FileName} is not a JSON object");
        }
        catch (JsonException failure)
        {
            throw new HuggingFaceException(folder, $"{FileName} is not JSON ({failure.Message.TrimEnd('.')})", failure);
        }
    }

    internal bool Has(string name) => _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    internal int Integer(string name, int smallest, int largest, int? absent = null)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return absent ?? throw new HuggingFaceException(_folder, $"{FileName} has no '{Name(name)}'");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= smallest && number <= largest
            ? number
            : throw Fault(name, value, string.Create(CultureInfo.InvariantCulture, $"a whole number of {smallest} to {largest}"));
    }

    internal float Positive(string name, float absent)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number) && number > 0
            ? number
            : throw Fault(name, value, "a number above 0");
    }

    internal bool Flag(string name, bool absent)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return absent;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Fault(name, value, "true or false");
    }

    internal string Text(string name, string absent)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault(name, value, "a text");
    }

    internal IReadOnlyList<string> Texts(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(element => element.GetString()!)]
            : throw Fault(name, value, "a list of texts");
    }

    /// <summary>The fields of an object within; null if it is absent.</summary>
    internal ConfigFields? Object(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? new ConfigFields(_folder, Name(name), value) : throw Fault(name, value, "an object");
    }

    /// <exception cref="HuggingFaceException">The field is there with a value other than none.</exception>
    internal void ExpectNone(string name, string why)
    {
        if (TryGet(name, out JsonElement value))
        {
            throw Fault(name, value, $"none: {why}");
        }
    }

    /// <exception cref="HuggingFaceException">The flag, or its default, is another one.</exception>
    internal void ExpectFlag(string name, bool expected, bool absent, string why)
    {
        if (Flag(name, absent) != expected)
        {
            throw new HuggingFaceException(
                _folder,
                $"{FileName}'s '{Name(name)}' is {(expected ? "false" : "true")}{(Has(name) ? "" : " by default")}, expected {(expected ? "true" : "false")}: {why}");
        }
    }

    /// <exception cref="HuggingFaceException">The text, or its default, is none of these.</exception>
    internal string ExpectText(string name, string absent, params ReadOnlySpan<string> expected)
    {
        string found = Text(name, absent);
        return expected.Contains(found)
            ? found
            : throw new HuggingFaceException(_folder, $"{FileName}'s '{Name(name)}' is '{found}', expected {string.Join(" or ", expected.ToArray())}");
    }

    /// <summary>Dropout would change what is trained.</summary>
    internal void ExpectZero(string name)
    {
        if (TryGet(name, out JsonElement value) && !(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == 0))
        {
            throw Fault(name, value, "0: dropout is not supported");
        }
    }

    internal HuggingFaceException Fault(string fault) => new(_folder, $"{FileName}: {fault}");

    private bool TryGet(string name, out JsonElement value) => _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private string Name(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private HuggingFaceException Fault(string name, JsonElement found, string expected)
    {
        string text = found.GetRawText();
        return new HuggingFaceException(
            _folder, $"{FileName}'s '{Name(name)}' is {(text.Length > LongestExcerpt ? $"{text[..LongestExcerpt]}…" : text)}, expected {expected}");
    }
}
