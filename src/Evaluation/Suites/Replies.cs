using System.Collections.Immutable;
using SlungOrleans.Corpora;
using SlungOrleans.Training;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Does the model understand a high-risk context in use? For every item log p(reply | context) is summed over the tokens of a reply that fits the
/// context and of one that does not. <c>replies/accuracy</c>: the share of items whose fitting reply is likelier, ties counting half.
/// <c>replies/auroc</c>: how well log p(the reply that fits high-risk contexts) - log p(the other one) tells high-risk from benign contexts;
/// left out if contexts are not of both kinds.
/// </summary>
public static class Replies
{
    /// <summary>The suite's name.</summary>
    public const string Suite = "replies";

    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="documents">Contexts with both replies; others are left out. A space is put between context and reply unless there is white space.</param>
    /// <param name="progress">Told of items asked and items in all.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <exception cref="EvaluationException">No item can be asked.</exception>
    public static SuiteResult Run(
        ILanguageModel model,
        ITokenizer tokenizer,
        IReadOnlyList<Document> documents,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        Document[] complete = [.. documents.Where(document => !string.IsNullOrEmpty(document.FittingReply) && !string.IsNullOrEmpty(document.UnfittingReply))];
        ReplyPair[] pairs =
            [.. complete.Select(document => ReplyPair.Of(document, tokenizer, model.Description.MaximumSequenceLength)).OfType<ReplyPair>()];
        if (pairs.Length == 0)
        {
            throw new EvaluationException(
                $"None of {documents.Count} reply items can be asked; items with a text, two different replies, and room for them in {model.Description.MaximumSequenceLength} tokens are expected.");
        }

        List<ReplyItem> items = SuiteRun.InBatches<ReplyPair, ReplyItem>(
            pairs,
            batch =>
            {
                float[][] scores = model.Score([.. batch.SelectMany(pair => new[] { pair.Fitting, pair.Unfitting })]);
                return [.. batch.Select((pair, i) => new ReplyItem(
                    pair.Document.Id, pair.Document.HighRisk, pair.LogProbability(scores[2 * i]), pair.LogProbability(scores[(2 * i) + 1])))];
            },
            done => progress?.Invoke(done, pairs.Length),
            cancellation);

        ReplyItem[] comparable = [.. items.Where(item => !double.IsNaN(Advantage(item)))];
        ReplyItem[] labelled = [.. comparable.Where(item => item.HighRisk is not null)];
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        metrics["replies/accuracy"] = comparable.Select(item => (Math.Sign(Advantage(item)) + 1) / 2.0).DefaultIfEmpty(double.NaN).Average();
        if (pairs.Any(pair => pair.Document.HighRisk == true) && pairs.Any(pair => pair.Document.HighRisk == false))
        {
            metrics["replies/auroc"] = Ranking.Auroc(
                [.. labelled.Select(item => item.HighRisk == true ? Advantage(item) : -Advantage(item))], [.. labelled.Select(item => item.HighRisk == true)]);
        }

        return new SuiteResult
        {
            Suite = Suite,
            Metrics = metrics.ToImmutable(),
            Items = [.. items],
            Notes = NotesOn(documents.Count, complete.Length, pairs, items.Count - comparable.Length),
            Provenance = ImmutableSortedDictionary<string, string>.Empty.Add("tokenizer", tokenizer.Fingerprint),
        };
    }

    private static double Advantage(ReplyItem item) => item.FittingLogProbability - item.UnfittingLogProbability;

    private static ImmutableArray<string> NotesOn(int all, int complete, ReplyPair[] pairs, int notComparable)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        if (complete < all)
        {
            notes.Add($"{all - complete} of {all} reply items lack one of their replies and were left out.");
        }

        if (pairs.Length < complete)
        {
            notes.Add($"{complete - pairs.Length} of {complete} reply items were left out: their replies are equal, one begins with the other, or they leave no room for context.");
        }

        int cut = pairs.Count(pair => pair.Cut);
        if (cut > 0)
        {
            notes.Add($"{cut} of {pairs.Length} contexts are too long and lost their beginning.");
        }

        if (notComparable > 0)
        {
            notes.Add($"{notComparable} of {pairs.Length} reply items have log-probabilities that cannot be compared and count nowhere: the model has diverged.");
        }

        return notes.ToImmutable();
    }
}
