namespace SlungOrleans.Evaluation;

/// <summary>Scores text with a classifier that was trained elsewhere. Empty text and white space cannot be scored.</summary>
/// <param name="name">The classifier's name.</param>
/// <param name="fingerprint">A hash of its weights and settings.</param>
/// <param name="probability">The probability that a text is toxic, 0 to 1; not a number where it cannot tell.</param>
public sealed class ClassifierScorer(string name, string fingerprint, Func<string, double> probability) : IToxicityScorer
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Fingerprint { get; } = fingerprint;

    /// <inheritdoc/>
    /// <exception cref="EvaluationException">The classifier gave a value that is no probability.</exception>
    public double? Score(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        double score = probability(text);
        return score switch
        {
            >= 0 and <= 1 => score,
            double.NaN => null,
            _ => throw new EvaluationException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"Scorer '{Name}' gave {score}; a probability between 0 and 1 is expected.")),
        };
    }
}
