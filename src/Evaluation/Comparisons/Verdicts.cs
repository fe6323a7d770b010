using System.Collections.Immutable;
using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>
/// One sentence per arm and amount: what was seen, and what could have been. A difference is seen if its adjusted P is below 0.05. Each question
/// (recognition, generation, ability) is answered by its first headline metric; another headline metric is named where it was seen to differ
/// otherwise. "No difference could be seen" is never "there is none": the smallest detectable difference stands beside it. Where all seeds differ by
/// the same, nothing was tested, and the sentence says so.
/// </summary>
internal static class Verdicts
{
    internal const double Level = 0.05;
    private const int MostMissingNamed = 5;

    private enum Judgement
    {
        NotSeen,
        NotTested,
        Better,
        Worse,
    }

    public static ImmutableArray<Verdict> Build(
        IReadOnlyList<string> arms,
        IReadOnlyList<double> amounts,
        ImmutableArray<string> references,
        ImmutableArray<MetricDescription> metrics,
        ImmutableArray<PairedDifference> differences,
        ImmutableArray<string> missing,
        int expectedRuns,
        int seeds)
    {
        MetricDescription[] headline = [.. metrics.Where(metric => metric.Headline)];
        string? obstacle = missing.IsEmpty ? headline.Length == 0 ? "no verdict: no headline metric was measured." : null : Missing(missing, expectedRuns);
        return
        [
            .. from amount in amounts
               from arm in arms
               select obstacle is null
                   ? Judge(arm, amount, references, headline, [.. differences.Where(difference => difference.Amount == amount)], seeds)
                   : new Verdict(arm, amount, false, obstacle),
        ];
    }

    private static string Missing(ImmutableArray<string> missing, int expectedRuns)
    {
        string more = missing.Length > MostMissingNamed ? $" and {missing.Length - MostMissingNamed} more" : "";
        return $"no verdict: {missing.Length} of {expectedRuns} runs {(missing.Length == 1 ? "has" : "have")} no scores or not all of them: {string.Join(", ", missing.Take(MostMissingNamed))}{more}.";
    }

    private static Verdict Judge(
        string arm, double amount, ImmutableArray<string> references, MetricDescription[] headline, PairedDifference[] differences, int seeds)
    {
        PairedDifference[][] comparisons =
        [
            .. references
                .Where(reference => reference != arm)
                .Select(reference => headline.SelectMany(metric => differences.Where(one => one.Arm == arm && one.Reference == reference && one.Metric == metric.Id)).ToArray())
                .Where(comparison => comparison.Length > 0),
        ];
        if (comparisons.Length == 0)
        {
            return new Verdict(arm, amount, false, $"no verdict: {arm} is the reference, and there is no other one to compare it with.");
        }

        if (comparisons.Any(comparison => comparison.Any(one => one.N < 2)))
        {
            string means = string.Join("; ", comparisons.Select(comparison =>
                $"{arm} minus {comparison[0].Reference}: " + string.Join(", ", comparison.Select(one => $"{MetricCatalogue.ShortName(one.Metric)} {Difference(one, one.Mean)}"))));
            return new Verdict(arm, amount, false, $"no verdict: {SuiteRun.Count(seeds, "seed gives", "seeds give")} no intervals; {means}.");
        }

        IEnumerable<string> parts = comparisons.Select((comparison, i) =>
            $"{(i == 0 ? $"{arm} against {comparison[0].Reference}" : $"Against {comparison[0].Reference}")}: {Compare(comparison, headline, differences)}.");
        return new Verdict(arm, amount, true, string.Join(" ", parts));
    }

    private static string Compare(PairedDifference[] comparison, MetricDescription[] headline, PairedDifference[] differences)
    {
        var seen = new List<string>();
        var notSeen = new List<string>();
        var notTested = new List<string>();
        foreach (IGrouping<MetricAxis, MetricDescription> axis in headline.GroupBy(metric => metric.Axis).OrderBy(axis => axis.Key))
        {
            (PairedDifference One, Judgement Judgement)[] judged =
            [
                .. axis
                    .SelectMany(metric => comparison.Where(one => one.Metric == metric.Id).Select(one => (one, Of(one, metric.HigherIsBetter)))),
            ];
            (PairedDifference first, Judgement judgement) = judged[0];
            switch (judgement)
            {
                case Judgement.NotSeen:
                    notSeen.Add($"{Noun(axis.Key)} ({Numbers(first)}; {CouldHaveSeen(first, differences)})");
                    break;
                case Judgement.NotTested:
                    notTested.Add($"{Noun(axis.Key)} ({MetricCatalogue.ShortName(first.Metric)} {Difference(first, first.Mean)} in all {first.N} seeds, which leaves no spread to test with)");
                    break;
                default:
                    seen.Add($"{Verb(axis.Key, judgement)} ({Numbers(first)})");
                    break;
            }

            seen.AddRange(judged
                .Where(other => other.Judgement is Judgement.Better or Judgement.Worse && other.Judgement != judgement)
                .Select(other => $"is {(other.Judgement == Judgement.Better ? "better" : "worse")} in {Numbers(other.One)}"));
        }

        string unseen = notSeen.Count == 0 ? "" : $"no difference could be seen in {Join(notSeen, " or ")}";
        string untested = notTested.Count == 0 ? "" : $"could not be tested in {Join(notTested, " and ")}";
        return string.Join("; ", new[] { Join(seen, " and "), unseen, untested }.Where(part => part.Length > 0));
    }

    private static Judgement Of(PairedDifference one, bool higherIsBetter) =>
        double.IsNaN(one.AdjustedP) ? Judgement.NotTested : one.AdjustedP >= Level ? Judgement.NotSeen : (one.Mean > 0) == higherIsBetter ? Judgement.Better : Judgement.Worse;

    private static string Verb(MetricAxis axis, Judgement judgement) => (axis, judgement) switch
    {
        (MetricAxis.Recognition, Judgement.Better) => "recognises better",
        (MetricAxis.Recognition, _) => "recognises worse",
        (MetricAxis.Generation, Judgement.Better) => "generates less",
        (MetricAxis.Generation, _) => "generates more",
        (_, Judgement.Better) => "predicts clean text better",
        _ => "predicts clean text worse",
    };

    private static string Noun(MetricAxis axis) => axis switch
    {
        MetricAxis.Recognition => "recognition",
        MetricAxis.Generation => "generation",
        _ => "predicting clean text",
    };

    private static string Numbers(PairedDifference one) =>
        $"{MetricCatalogue.ShortName(one.Metric)} {Difference(one, one.Mean)}, 95 % {Difference(one, one.Low)} to {Difference(one, one.High)}";

    private static string CouldHaveSeen(PairedDifference one, PairedDifference[] differences)
    {
        if (one.P < Level)
        {
            int tests = differences.Count(other => other.Reference == one.Reference && other.Metric == one.Metric && !double.IsNaN(other.P));
            return $"P {Probability(one.P)}, but {Probability(one.AdjustedP)} corrected for {tests} comparisons";
        }

        return double.IsNaN(one.SmallestDetectable)
            ? $"all {one.N} seeds differ equally, so what they could have seen is not known"
            : $"{one.N} seeds could have seen {MetricCatalogue.Format(one.Metric, one.SmallestDetectable)}";
    }

    private static string Probability(double p) => p.ToString("0.000", CultureInfo.InvariantCulture);

    // "a", "a and b", "a, b and c".
    private static string Join(List<string> parts, string last) =>
        parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])}{last}{parts[^1]}";

    private static string Difference(PairedDifference one, double value) => MetricCatalogue.FormatDifference(one.Metric, value);
}
