using System.Collections.Immutable;
using System.Globalization;

namespace SlungOrleans.Evaluation.Tests;

/// <summary>Studies whose scores are what the test says.</summary>
internal static class Studies
{
    public static readonly string[] Arms = ["control", "low-risk", "full", "masked"];

    /// <summary>Scores of every arm, seed and amount.</summary>
    public static List<RunScores> Runs(
        IReadOnlyList<string> arms, IReadOnlyList<int> seeds, IReadOnlyList<double> amounts, Func<string, int, double, (string Metric, double Value)[]> metrics) =>
    [
        .. from amount in amounts
           from arm in arms
           from seed in seeds
           select new RunScores(
               Id(arm, seed, amount),
               arm,
               seed,
               amount,
               metrics(arm, seed, amount).ToImmutableSortedDictionary(metric => metric.Metric, metric => metric.Value, StringComparer.Ordinal)),
    ];

    public static string Id(string arm, int seed, double amount) => string.Create(CultureInfo.InvariantCulture, $"{arm}-{amount}-{seed}");

    public static string[] Ids(IEnumerable<RunScores> runs) => [.. runs.Select(run => run.Run)];

    /// <summary>A study in which masked recognises better than low-risk and generates as little, and full generates more.</summary>
    public static Comparison Typical(IReadOnlyList<int> seeds, IReadOnlyList<double> amounts, Func<RunScores, bool>? keep = null)
    {
        List<RunScores> runs = Runs(Arms, seeds, amounts, Scores);
        return ComparisonBuilder.Build("typical", Arms, seeds, amounts, Ids(runs), [.. runs.Where(keep ?? (_ => true))]);
    }

    // Noise that is the same for all arms of a seed, and a little of each run's own.
    private static (string, double)[] Scores(string arm, int seed, double amount)
    {
        int index = Array.IndexOf(Arms, arm);
        double own = Math.Sin((100 * seed) + (10 * index) + (37 * amount));
        double shared = 0.05 * Math.Sin(seed);
        double[] auroc = [0.70, 0.70, 0.80, 0.85];
        double[] rate = [0.01, 0.01, 0.30, 0.01];
        return
        [
            ("recognition/auroc", auroc[index] + shared + (0.004 * own)),
            ("recognition/f1", auroc[index] - 0.05 + shared + (0.004 * own)),
            ("recognition/<b>&set/auroc", auroc[index]),
            ("generation/risky/rate", rate[index] + (0.002 * own)),
            ("generation/rate", rate[index] / 2),
            ("perplexity/clean", 9 + (0.02 * own) + shared),
            ("replies/auroc", auroc[index] + (0.01 * own)),
        ];
    }
}
