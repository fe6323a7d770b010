namespace SlungOrleans.Contracts;

/// <summary>
/// A tagger's scores over a corpus, on the logit scale: scores crowd at 0 and 1, where thresholds are, and an even scale would show nothing
/// of them. Bin 0 holds scores with a logit below <see cref="LowestLogit"/>, the last bin those from <see cref="HighestLogit"/> on; the bins
/// between are <see cref="BinWidth"/> wide.
/// </summary>
/// <param name="Characters">UTF-16 code units in spans, bin by bin; <see cref="Bins"/> of them.</param>
/// <param name="Spans">Spans in all.</param>
/// <param name="AllCharacters">UTF-16 code units of all documents, those outside spans too.</param>
public sealed record ScoreHistogram(ImmutableArray<long> Characters, long Spans, long AllCharacters)
{
    /// <summary>The logit where the second bin begins: a score of 1.1e-7.</summary>
    public const double LowestLogit = -16;

    /// <summary>The logit where the last bin begins: a score that is 1.1e-7 below 1.</summary>
    public const double HighestLogit = 16;

    /// <summary>Width of a bin, in logits.</summary>
    public const double BinWidth = 0.1;

    /// <summary>How many bins there are.</summary>
    public const int Bins = (int)((HighestLogit - LowestLogit) / BinWidth + 0.5) + 2;

    /// <summary>The bin of a score, 0 to <see cref="Bins"/> - 1.</summary>
    /// <param name="score">The score, 0 to 1.</param>
    public static int BinOf(double score)
    {
        var bin = Math.Floor((Math.Log(score) - Math.Log(1 - score) - LowestLogit) / BinWidth) + 1;
        return double.IsNaN(bin) ? throw new ArgumentOutOfRangeException(nameof(score), score, "A score is 0 to 1.") : (int)Math.Clamp(bin, 0, Bins - 1);
    }

    /// <summary>The histogram of the text of both.</summary>
    /// <param name="other">Another histogram.</param>
    public ScoreHistogram Add(ScoreHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ScoreHistogram([.. Characters.Zip(other.Characters, (one, two) => one + two)], Spans + other.Spans, AllCharacters + other.AllCharacters);
    }

    /// <summary>
    /// Shares of the text (in characters, 0 to 1) that are benign, middle and high-risk at two thresholds, to within what the two bins hold
    /// that the thresholds are in. Text outside spans is benign.
    /// </summary>
    /// <param name="benign">The benign threshold; at or below it text is benign.</param>
    /// <param name="highRisk">The high-risk threshold; above it text is high-risk.</param>
    public (double Benign, double Middle, double HighRisk) SharesAt(double benign, double highRisk)
    {
        if (AllCharacters == 0)
        {
            return (1, 0, 0);
        }

        var above = Characters.AsSpan()[(BinOf(Math.Clamp(highRisk, 0, 1)) + 1)..];
        var risky = Characters.AsSpan()[(BinOf(Math.Clamp(benign, 0, 1)) + 1)..];
        var (highRiskShare, riskyShare) = (Sum(above) / (double)AllCharacters, Sum(risky) / (double)AllCharacters);
        return (1 - riskyShare, Math.Max(0, riskyShare - highRiskShare), highRiskShare);
    }

    private static long Sum(ReadOnlySpan<long> values)
    {
        var sum = 0L;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
