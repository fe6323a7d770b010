using System.Text.Json;

namespace SlungOrleans.Evaluation;

/// <summary>Comparisons as JSON; values that are no finite numbers are written as <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.</summary>
public static class ComparisonJson
{
    private static readonly JsonSerializerOptions Options = EvaluationJson.Options(indented: true);

    /// <summary>Writes a comparison; ends with a line feed. Characters that have a meaning in HTML are escaped.</summary>
    /// <param name="comparison">The comparison.</param>
    public static string Write(Comparison comparison) => JsonSerializer.Serialize(comparison, Options) + "\n";

    /// <summary>Reads a comparison.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <exception cref="EvaluationException">It is not such a comparison.</exception>
    public static Comparison Read(string json)
    {
        Comparison comparison = EvaluationJson.Read<Comparison>(json, Options, "comparison");
        return comparison.FormatVersion == 1
            ? comparison
            : throw new EvaluationException($"The comparison has format version {comparison.FormatVersion}; 1 is expected.");
    }
}
