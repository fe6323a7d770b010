using System.Text.Json;
using System.Text.Json.Serialization;

namespace SlungOrleans.Evaluation;

/// <summary>How this room writes and reads JSON.</summary>
internal static class EvaluationJson
{
    public static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
        WriteIndented = indented,
        NewLine = "\n",
    };

    public static T Read<T>(string json, JsonSerializerOptions options, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, options) ?? throw new EvaluationException($"The {what} is null; a JSON object is expected.");
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException)
        {
            throw new EvaluationException($"The {what} cannot be read: {cause.Message}", cause);
        }
    }
}
