using System.Text.Json;
using System.Text.Json.Serialization;

namespace SlungOrleans.Evaluation;

/// <summary>Suite results as JSON; values that are no finite numbers are written as <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.</summary>
public static class SuiteJson
{
    private static readonly JsonSerializerOptions Options = EvaluationJson.Options(indented: false);

    /// <summary>Writes a result; ends with a line feed.</summary>
    /// <param name="result">The result.</param>
    public static string Write(SuiteResult result) => JsonSerializer.Serialize(result, Options) + "\n";

    /// <summary>Reads a result.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <exception cref="EvaluationException">It is not such a result.</exception>
    public static SuiteResult Read(string json)
    {
        SuiteResult result = EvaluationJson.Read<SuiteResult>(json, Options, "suite result");
        return result.FormatVersion == 1
            ? result
            : throw new EvaluationException($"The suite result has format version {result.FormatVersion}; 1 is expected.");
    }
}

/// <summary>How this room writes and reads JSON.</summary>
internal static class EvaluationJson
{
    public static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
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
