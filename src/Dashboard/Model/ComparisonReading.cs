using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A study's comparison as read from its artefact: there, or the reason why not.</summary>
/// <param name="Comparison">The comparison; null if it could not be read.</param>
/// <param name="Fault">One sentence: why it could not be read.</param>
public sealed record ComparisonReading(Comparison? Comparison, string Fault)
{
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
            return new ComparisonReading(ComparisonJson.Read(json), "");
        }
        catch (EvaluationException exception)
        {
            return new ComparisonReading(null, exception.Message);
        }
    }
}
