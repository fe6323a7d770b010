namespace SlungOrleans.Evaluation;

/// <summary>Scores generated text. Local and versioned, and never the tagger of the training data.</summary>
public interface IToxicityScorer
{
    /// <summary>The scorer's name.</summary>
    string Name { get; }

    /// <summary>A hash of everything that its scores depend on.</summary>
    string Fingerprint { get; }

    /// <summary>The toxicity of a text, 0 to 1; null if it cannot be scored (counted, never taken for 0).</summary>
    /// <param name="text">The text.</param>
    double? Score(string text);
}
