using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>One item of a suite as a row: the worst first.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Text">Its text; empty if it is not known.</param>
/// <param name="HighRiskText">Whether the text is to be blurred.</param>
/// <param name="Answer">What the model wrote; null if it wrote nothing.</param>
/// <param name="HighRiskAnswer">Whether that is to be blurred, as is what could not be scored.</param>
/// <param name="Badness">Sorts: higher is worse.</param>
/// <param name="Figures">Its figures in words, one per column of the suite.</param>
internal sealed record ItemText(
    string Id, string Text, bool HighRiskText, string? Answer, bool HighRiskAnswer, double Badness, ImmutableArray<string> Figures)
{
    /// <summary>Ids are unique in a corpus only.</summary>
    public static string Key(string corpus, string id) => $"{corpus}/{id}";

    /// <summary>The id in its corpus of an item, which of a suite over several corpora has its corpus' name before it.</summary>
    public static string IdIn(string corpus, string item) => item.StartsWith(Key(corpus, ""), StringComparison.Ordinal) ? item[Key(corpus, "").Length..] : item;

    /// <summary>Titles of the figures of a suite's items.</summary>
    public static ImmutableArray<string> Titles(SuiteItem item) => item switch
    {
        GenerationItem => ["Kind", "Score", "With prompt"],
        PerplexityItem => ["Set", "Tokens", "Perplexity"],
        ReplyItem => ["Label", "log p fitting", "log p unfitting", "Right"],
        _ => [],
    };

    /// <summary>The row of an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="documents">Documents by the ids that items have.</param>
    /// <param name="threshold">A text scored at or above this counts as high-risk.</param>
    public static ItemText Of(SuiteItem item, IReadOnlyDictionary<string, DocumentView> documents, double threshold) => item switch
    {
        GenerationItem generation => new(
            $"{generation.Id} #{generation.Number}",
            generation.Prompt,
            generation.Kind == HeldOutPrompts.Risky || (generation.ScoreWithPrompt >= threshold && !(generation.Score >= threshold)),
            generation.Continuation,
            !(generation.Score < threshold),
            Math.Max(generation.Score ?? -1, (generation.ScoreWithPrompt ?? -1) / 2),
            [generation.Kind ?? "", Score(generation.Score), Score(generation.ScoreWithPrompt)]),
        PerplexityItem perplexity => new(
            perplexity.Id, "", false, null, false, perplexity.NegativeLogLikelihood / perplexity.Tokens,
            [perplexity.Set, Format.Count(perplexity.Tokens), Format.Number(Math.Exp(perplexity.NegativeLogLikelihood / perplexity.Tokens), 4)]),
        ReplyItem reply => OfReply(reply, documents.GetValueOrDefault(reply.Id)),
        _ => new(item.Id, "", false, null, false, 0, []),
    };

    private static ItemText OfReply(ReplyItem reply, DocumentView? document)
    {
        var advantage = reply.FittingLogProbability - reply.UnfittingLogProbability;
        return new ItemText(
            reply.Id, document?.Text ?? "", reply.HighRisk ?? true, null, false, -advantage,
            [
                reply.HighRisk switch { true => "high-risk", false => "benign", null => "" },
                Format.Number(reply.FittingLogProbability, 4),
                Format.Number(reply.UnfittingLogProbability, 4),
                advantage > 0 ? "yes" : advantage < 0 ? "no" : "tie",
            ]);
    }

    private static string Score(double? score) => score is { } value ? Format.Fixed(value, 2) : "not scored";
}
