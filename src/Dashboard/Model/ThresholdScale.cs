using System.Globalization;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Thresholds on the histogram's logit scale, rounded to what people would write: 0.0001, 0.02, 0.99.</summary>
internal static class ThresholdScale
{
    public const double Lowest = ScoreHistogram.LowestLogit - ScoreHistogram.BinWidth;
    public const double Highest = ScoreHistogram.HighestLogit + ScoreHistogram.BinWidth;

    public static double ToLogit(double score) => score <= 0 ? Lowest : score >= 1 ? Highest : Math.Clamp(Math.Log(score / (1 - score)), Lowest, Highest);

    /// <summary>The score of a logit, two digits from the nearer end; 0 at the lowest logit, below 1 everywhere.</summary>
    public static double ToScore(double logit)
    {
        if (logit <= Lowest)
        {
            return 0;
        }

        var rounded = decimal.Parse((1 / (1 + Math.Exp(Math.Abs(Math.Min(logit, Highest))))).ToString("G2", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        return (double)(logit < 0 ? rounded : 1 - rounded);
    }
}
