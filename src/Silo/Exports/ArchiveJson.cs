using System.Text.Json;
using System.Text.Json.Serialization;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Exports;

/// <summary>How an archive writes and reads JSON: equal content gives equal bytes, and every number comes back as it was.</summary>
internal static class ArchiveJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new OrderedDictionaries<double>(), new OrderedDictionaries<string>() },
    };

    public static byte[] Write<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Options), (byte)'\n'];

    /// <exception cref="LabException">It is not what is expected; the message names the entry.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string entry)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new LabException($"The archive's entry '{entry}' is null; an object is expected.");
        }
        catch (JsonException exception)
        {
            throw new LabException($"The archive's entry '{entry}' cannot be read: {exception.Message}");
        }
    }

    /// <summary>An immutable dictionary has no order that lasts; its keys are written in ordinal order.</summary>
    private sealed class OrderedDictionaries<T> : JsonConverter<ImmutableDictionary<string, T>>
    {
        public override ImmutableDictionary<string, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader, options)?.ToImmutableDictionary() ?? throw new JsonException("An object is expected.");

        public override void Write(Utf8JsonWriter writer, ImmutableDictionary<string, T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new SortedDictionary<string, T>(value, StringComparer.Ordinal), options);
    }
}
