using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Builds a study's comparison. Rules:
/// <list type="bullet">
/// <item>The replication unit is the seed: means, intervals and tests are over one value per seed; items only make that value.</item>
/// <item>Headline metrics: <c>recognition/auroc</c>, <c>recognition/f1</c>, <c>generation/risky/rate</c> (without risky prompts
/// <c>generation/probability</c>), <c>perplexity/clean</c>, <c>replies/auroc</c>, of those that any run has.</item>
/// <item>A run is missing if it has no scores, lacks a headline metric, or has one that is not finite. A study with missing runs gets no verdict.</item>
/// <item>Values that are not finite are left out of summaries and pairs; N tells how many there are. Negative zero is written as zero.</item>
/// <item>Every arm is compared with the arms <c>low-risk</c> and <c>full</c>, as far as the study has them, else with its first arm. P values are
/// corrected (Holm) over the arms compared with the same reference in the same metric and amount, not over metrics, references and amounts;
/// smallest detectable differences are those of the correction's strictest step; intervals are not corrected.</item>
/// </list>
/// </summary>
public static class ComparisonBuilder
{
    private static readonly ImmutableArray<string> PreferredReferences = ["low-risk", "full"];

    /// <summary>Builds the comparison; it does not depend on the order of <paramref name="runs"/>.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="arms">Its arms, in order; at least one.</param>
    /// <param name="seeds">Its seeds, in order.</param>
    /// <param name="amounts">Its amounts, in order.</param>
    /// <param name="expectedRuns">Ids of all its runs.</param>
    /// <param name="runs">Scores of those that have any.</param>
    /// <exception cref="ArgumentException">A run is not of the study, or there are two of one arm, seed and amount.</exception>
    public static Comparison Build(
        string study,
        IReadOnlyList<string> arms,
        IReadOnlyList<int> seeds,
        IReadOnlyList<double> amounts,
        IReadOnlyList<string> expectedRuns,
        IReadOnlyList<RunScores> runs)
    {
        Check(arms, seeds, amounts, expectedRuns, runs);
        ImmutableArray<RunScores> scored =
        [
            .. from amount in amounts
               from arm in arms
               from seed in seeds
               from run in runs
               where run.Arm == arm && run.Seed == seed && run.Amount == amount
               select run with { Metrics = WithoutNegativeZero(run.Metrics) },
        ];
        var measured = scored.SelectMany(run => run.Metrics.Keys).ToImmutableSortedSet(StringComparer.Ordinal);
        ImmutableArray<string> headline = MetricCatalogue.Headline(measured);
        ImmutableArray<MetricDescription> metrics =
        [
            .. headline.Select(id => MetricCatalogue.Describe(id, headline: true)),
            .. measured.Where(id => !headline.Contains(id)).Select(id => MetricCatalogue.Describe(id, headline: false)),
        ];
        ImmutableArray<string> references = [.. PreferredReferences.Where(arms.Contains)];
        references = references.IsEmpty ? [arms[0]] : references;

        ImmutableArray<PairedDifference> differences =
        [
            .. from amount in amounts
               from metric in metrics
               from reference in references
               from difference in Differences(scored, arms, reference, amount, metric.Id)
               select difference,
        ];
        ImmutableArray<string> missing = [.. expectedRuns.Where(id => !scored.Any(run => run.Run == id && IsComplete(run, headline)))];
        return new Comparison
        {
            Study = study,
            Arms = [.. arms],
            Seeds = [.. seeds],
            Amounts = [.. amounts],
            Missing = missing,
            Metrics = metrics,
            Runs = scored,
            Summaries = Summaries(scored, arms, amounts, metrics),
            Differences = differences,
            Verdicts = Verdicts.Build(arms, amounts, references, metrics, differences, missing, expectedRuns.Count, seeds.Count),
        };
    }

    private static ImmutableArray<ArmSummary> Summaries(
        ImmutableArray<RunScores> runs, IReadOnlyList<string> arms, IReadOnlyList<double> amounts, ImmutableArray<MetricDescription> metrics) =>
    [
        .. from amount in amounts
           from arm in arms
           from metric in metrics
           let interval = MeanInterval.Of([.. Values(runs, arm, amount, metric.Id).Values])
           where interval.N > 0
           select new ArmSummary(
               arm, amount, metric.Id, interval.Mean + 0.0, interval.Low + 0.0, interval.High + 0.0, interval.StandardDeviation, interval.N),
    ];

    private static ImmutableArray<PairedDifference> Differences(
        ImmutableArray<RunScores> runs, IReadOnlyList<string> arms, string reference, double amount, string metric)
    {
        SortedDictionary<int, double> referenceValues = Values(runs, reference, amount, metric);
        var tests = new List<(string Arm, PairedTest Test)>();
        foreach (string arm in arms.Where(arm => arm != reference))
        {
            (double Arm, double Reference)[] paired =
            [
                .. Values(runs, arm, amount, metric)
                    .Where(value => referenceValues.ContainsKey(value.Key))
                    .Select(value => (value.Value, referenceValues[value.Key])),
            ];
            if (paired.Length > 0)
            {
                double magnitude = paired.Max(pair => Math.Max(Math.Abs(pair.Arm), Math.Abs(pair.Reference)));
                tests.Add((arm, PairedTest.Of([.. paired.Select(pair => pair.Arm - pair.Reference)], magnitude)));
            }
        }

        double[] adjusted = Holm.Adjust([.. tests.Select(test => test.Test.P)]);
        int tested = adjusted.Count(p => !double.IsNaN(p));
        return
        [
            .. tests.Select((pair, i) => new PairedDifference(
                pair.Arm,
                reference,
                amount,
                metric,
                pair.Test.Difference.Mean + 0.0,
                pair.Test.Difference.Low + 0.0,
                pair.Test.Difference.High + 0.0,
                pair.Test.EffectSize + 0.0,
                pair.Test.P,
                adjusted[i],
                SmallestDetectable(pair.Test, tested),
                pair.Test.Difference.N)),
        ];
    }

    // What is seen is seen after the correction: a difference that only a single test would find is promised to nobody.
    private static double SmallestDetectable(PairedTest test, int tests) => double.IsNaN(test.SmallestDetectable)
        ? double.NaN
        : Power.SmallestDetectable(test.Difference.StandardDeviation, test.Difference.N, Verdicts.Level / tests);

    private static SortedDictionary<int, double> Values(ImmutableArray<RunScores> runs, string arm, double amount, string metric)
    {
        var values = new SortedDictionary<int, double>();
        foreach (RunScores run in runs)
        {
            if (run.Arm == arm && run.Amount == amount && run.Metrics.TryGetValue(metric, out double value) && double.IsFinite(value))
            {
                values.Add(run.Seed, value);
            }
        }

        return values;
    }

    private static bool IsComplete(RunScores run, ImmutableArray<string> headline) =>
        run.Metrics.Count > 0 && headline.All(id => run.Metrics.TryGetValue(id, out double value) && double.IsFinite(value));

    // -0 + 0 is 0; every other value stays. Built anew, since a dictionary takes -0 for the 0 that it already has.
    private static ImmutableSortedDictionary<string, double> WithoutNegativeZero(ImmutableSortedDictionary<string, double> metrics) =>
        metrics.ToImmutableSortedDictionary(metric => metric.Key, metric => metric.Value + 0.0, StringComparer.Ordinal);

    private static void Check(
        IReadOnlyList<string> arms, IReadOnlyList<int> seeds, IReadOnlyList<double> amounts, IReadOnlyList<string> expectedRuns, IReadOnlyList<RunScores> runs)
    {
        if (arms.Count == 0 || arms.Distinct().Count() < arms.Count || seeds.Distinct().Count() < seeds.Count || amounts.Distinct().Count() < amounts.Count)
        {
            throw new ArgumentException("A comparison needs an arm or more, and arms, seeds and amounts that are all different.");
        }

        foreach (RunScores run in runs)
        {
            if (!arms.Contains(run.Arm) || !seeds.Contains(run.Seed) || !amounts.Contains(run.Amount) || !expectedRuns.Contains(run.Run))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Run '{run.Run}' (arm {run.Arm}, seed {run.Seed}, amount {run.Amount}) is not one of the study's runs."));
            }
        }

        if (runs.GroupBy(run => (run.Arm, run.Seed, run.Amount)).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"Runs {string.Join(" and ", repeated.Select(run => $"'{run.Run}'"))} have the same arm, seed and amount.");
        }
    }
}
