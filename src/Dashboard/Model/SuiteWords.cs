using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>The evaluation suites, and the figures that say most about each.</summary>
internal static class SuiteWords
{
    private const int MostFigures = 3;

    private static readonly string[] Headlines =
    [
        "recognition/auroc", "recognition/f1", "recognition/average-precision",
        "generation/risky/rate", "generation/risky/expected-maximum", "generation/neutral/rate", "generation/rate", "generation/expected-maximum", "generation/probability",
        "perplexity/clean", "perplexity/high-risk", "perplexity/high-risk-benign-tokens",
        "replies/accuracy", "replies/auroc",
    ];

    public static readonly ImmutableArray<string> All = [SuiteNames.Recognition, SuiteNames.Generation, SuiteNames.Perplexity, SuiteNames.Replies];

    /// <summary>A suite's few most telling figures, without the suite's name.</summary>
    public static IEnumerable<(string Metric, double Value)> Headline(EvaluationView evaluation) => evaluation.Work.Numbers
        .OrderBy(number => Array.IndexOf(Headlines, number.Key) is >= 0 and var place ? place : int.MaxValue)
        .ThenBy(number => number.Key, StringComparer.Ordinal)
        .Take(MostFigures)
        .Select(number => (number.Key[(number.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], number.Value));
}
