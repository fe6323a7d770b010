using System.Text.Json;

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

    /// <summary>Writes an item as one line, without a line feed.</summary>
    /// <param name="item">The item.</param>
    public static string WriteItem(SuiteItem item) => JsonSerializer.Serialize(item, Options);

    /// <summary>Reads an item.</summary>
    /// <param name="json">What <see cref="WriteItem"/> wrote.</param>
    /// <exception cref="EvaluationException">It is not such an item.</exception>
    public static SuiteItem ReadItem(string json) => EvaluationJson.Read<SuiteItem>(json, Options, "item");
}
