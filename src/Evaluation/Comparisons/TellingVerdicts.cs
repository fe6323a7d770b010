using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>A comparison's verdicts as a list of studies tells them: what was seen stands first.</summary>
public static class TellingVerdicts
{
    /// <summary>
    /// The verdicts' sentences without repetitions, the most telling first: arms that were seen to differ from the baseline, the largest effect (the magnitude of
    /// Cohen's d_z in a metric that verdicts rest on) before the others; then those of which nothing was seen, the baseline itself, and what is no verdict. Equals
    /// stay in the study's order. Of a study with several amounts each sentence begins with its amount.
    /// </summary>
    /// <param name="comparison">The comparison. Its baseline is the first arm that the others are compared with.</param>
    public static ImmutableArray<string> SentencesMostTellingFirst(this Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return
        [
            .. comparison.Verdicts
                .OrderByDescending(verdict => verdict.Given)
                .ThenByDescending(verdict => SeenEffect(comparison, verdict))
                .Select(verdict => verdict.Given && comparison.Amounts.Length > 1 ? $"At {ComparisonPicture.Percent(verdict.Amount)}: {verdict.Sentence}" : verdict.Sentence)
                .Distinct(),
        ];
    }

    /// <summary>The largest effect that was seen; 0 if none was, -1 if the arm is the baseline.</summary>
    private static double SeenEffect(Comparison comparison, Verdict verdict)
    {
        PairedDifference[] differences = [.. Judged(comparison, verdict)];
        return differences.Length == 0
            ? -1
            : differences.Where(one => one.AdjustedP < Verdicts.Level).Select(one => Math.Abs(one.EffectSize)).DefaultIfEmpty(0).Max();
    }

    private static IEnumerable<PairedDifference> Judged(Comparison comparison, Verdict verdict) =>
        from metric in comparison.Metrics
        where metric.Headline
        from one in comparison.Differences
        where one.Metric == metric.Id && one.Arm == verdict.Arm && one.Amount == verdict.Amount && one.Reference == comparison.Differences[0].Reference
        select one;
}
