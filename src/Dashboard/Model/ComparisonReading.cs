using System.Text.Json;
using System.Text.Json.Serialization;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A study's comparison as read from its artefact: there, or the reason why not.</summary>
/// <param name="Comparison">The comparison; null if it could not be read.</param>
/// <param name="Fault">One sentence: why it could not be read.</param>
public sealed record ComparisonReading(Comparison? Comparison, string Fault)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Reads the artefact's text.</summary>
    /// <param name="json">The text; null if there is no artefact.</param>
    public static ComparisonReading Of(string? json)
    {
        if (json is null)
        {
            return new ComparisonReading(null, "There is no comparison in the store.");
        }

        try
        {
            return JsonSerializer.Deserialize<Comparison>(json, Options) is { } comparison
                ? new ComparisonReading(comparison, "")
                : new ComparisonReading(null, "The comparison in the store is empty.");
        }
        catch (JsonException exception)
        {
            return new ComparisonReading(null, $"The comparison in the store cannot be read: {exception.Message}");
        }
    }
}
