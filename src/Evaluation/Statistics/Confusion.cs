namespace SlungOrleans.Evaluation;

/// <summary>How often a yes-or-no prediction was right and wrong.</summary>
/// <param name="TruePositives">Positive items predicted positive.</param>
/// <param name="FalsePositives">Negative items predicted positive.</param>
/// <param name="TrueNegatives">Negative items predicted negative.</param>
/// <param name="FalseNegatives">Positive items predicted negative.</param>
public readonly record struct Confusion(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>Share of right predictions; not a number without items.</summary>
    public double Accuracy => (double)(TruePositives + TrueNegatives) / (TruePositives + FalsePositives + TrueNegatives + FalseNegatives);

    /// <summary>Share of positive predictions that are right; 0 if nothing is predicted positive.</summary>
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of positive items that are found; 0 if there is none.</summary>
    public double Recall => Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Share of negative items predicted positive; 0 if there is none.</summary>
    public double FalsePositiveRate => Share(FalsePositives, FalsePositives + TrueNegatives);

    /// <summary>Mean of the shares of positive and of negative items that are predicted right; not a number unless there are both.</summary>
    public double BalancedAccuracy =>
        (((double)TruePositives / (TruePositives + FalseNegatives)) + ((double)TrueNegatives / (TrueNegatives + FalsePositives))) / 2;

    /// <summary>Harmonic mean of precision and recall; 0 if there is neither a positive item nor a positive prediction.</summary>
    public double F1 => Share(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>Counts predictions: positive where the score is above the threshold.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="positive">For each score whether its item is positive.</param>
    /// <param name="threshold">Scores above this are predicted positive.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Confusion Count(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, double threshold)
    {
        if (scores.Length != positive.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores but {positive.Length} labels; as many are expected.", nameof(positive));
        }

        Span<int> counts = stackalloc int[4];
        for (int i = 0; i < scores.Length; i++)
        {
            counts[(scores[i] > threshold ? 2 : 0) + (positive[i] ? 1 : 0)]++;
        }

        return new Confusion(TruePositives: counts[3], FalsePositives: counts[2], TrueNegatives: counts[0], FalseNegatives: counts[1]);
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
