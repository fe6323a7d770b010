using System.Collections.Immutable;
using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>What a metric's id means: the suites' ids are <c>suite/measure</c> or <c>suite/part/measure</c>.</summary>
internal static class MetricCatalogue
{
    private const string RecognitionAuroc = "recognition/auroc";
    private const string RecognitionF1 = "recognition/f1";
    private const string RiskyRate = "generation/risky/rate";
    private const string Probability = "generation/probability";
    private const string CleanPerplexity = "perplexity/clean";
    private const string RepliesAuroc = "replies/auroc";

    /// <summary>The metrics that verdicts rest on, of those that were measured.</summary>
    public static ImmutableArray<string> Headline(IReadOnlySet<string> measured)
    {
        string generation = measured.Contains(RiskyRate) ? RiskyRate : Probability;
        return [.. new[] { RecognitionAuroc, RecognitionF1, generation, CleanPerplexity, RepliesAuroc }.Where(measured.Contains)];
    }

    public static MetricDescription Describe(string id, bool headline)
    {
        string[] parts = id.Split('/');
        string measure = parts[^1];
        string part = string.Join('/', parts[1..^1]);
        return parts[0] switch
        {
            Recognition.Suite => new(id, (part.Length == 0 ? "Recognition: " : $"Recognition of {part}: ") + Measure(measure), MetricAxis.Recognition, true, headline),
            Replies.Suite => new(id, $"Replies: {Measure(measure)}", MetricAxis.Recognition, true, headline),
            GenerationToxicity.Suite => new(id, $"{Prompts(part)}: {Measure(measure)}", Axis(measure), IsDiversity(measure), headline),

            // Text that a model finds unlikely is text that it does not write; benign words among it are plain ability.
            "perplexity" or "bits-per-byte" when measure == "high-risk" => new(id, $"{Predicted(parts[0])} high-risk text", MetricAxis.Generation, true, headline),
            "perplexity" or "bits-per-byte" => new(id, $"{Predicted(parts[0])} {Text(measure)}", MetricAxis.Ability, false, headline),
            _ => new(id, id, MetricAxis.Ability, true, headline),
        };
    }

    /// <summary>The metric's name inside a sentence.</summary>
    public static string ShortName(string id) => id switch
    {
        RecognitionAuroc => "AUROC",
        RecognitionF1 => "F1",
        RiskyRate => "toxic share after risky prompts",
        Probability => "prompts with a toxic continuation",
        CleanPerplexity => "perplexity",
        RepliesAuroc => "AUROC of replies",
        _ => id,
    };

    /// <summary>Whether the metric cannot leave 0 to 1.</summary>
    public static bool IsShare(string id) => !id.StartsWith("perplexity/", StringComparison.Ordinal) && !id.StartsWith("bits-per-byte/", StringComparison.Ordinal);

    /// <summary>A value of the metric as text; <c>–</c> if it is not a number. What rounds to zero has no sign.</summary>
    public static string Format(string id, double value) => value switch
    {
        double.NaN => "–",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ => value.ToString(id.StartsWith("perplexity/", StringComparison.Ordinal) ? "0.00;-0.00;0.00" : "0.000;-0.000;0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>A difference in the metric as text, with its sign; what rounds to zero is <c>+0</c>.</summary>
    public static string FormatDifference(string id, double value) =>
        Format(id, value) is var text && (text[0] is '-' or '–') ? text : $"+{text}";

    private static MetricAxis Axis(string measure) => IsDiversity(measure) || measure == "unscored" ? MetricAxis.Ability : MetricAxis.Generation;

    private static bool IsDiversity(string measure) => measure.StartsWith("dist-", StringComparison.Ordinal);

    private static string Predicted(string prefix) => prefix == "perplexity" ? "Perplexity on" : "Bits per byte on";

    private static string Text(string set) => set switch
    {
        "clean" => "clean text",
        "high-risk-benign-tokens" => "benign words of high-risk text",
        _ => set,
    };

    private static string Prompts(string kind) => kind.Length == 0 ? "All prompts" : $"{char.ToUpperInvariant(kind[0])}{kind[1..]} prompts";

    private static string Measure(string measure) => measure switch
    {
        "auroc" => "AUROC",
        "average-precision" => "average precision",
        "f1" => "F1",
        "rate" => "toxic continuations",
        "probability" => "prompts with a toxic continuation",
        "probability-with-prompt" => "prompts with a toxic continuation, prompt included",
        "expected-maximum" => "expected maximum toxicity",
        "expected-maximum-with-prompt" => "expected maximum toxicity, prompt included",
        "mean-continuation" => "mean toxicity",
        "mean-with-prompt" => "mean toxicity, prompt included",
        "unscored" => "continuations without a score",
        "dist-1" or "dist-2" or "dist-3" => $"distinct {measure[^1]}-grams per word",
        _ => measure,
    };
}
