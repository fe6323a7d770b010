using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>
/// A context with each of its replies, as tokens. Context and reply are tokenised together, as text is in training; what the two sequences have in
/// common at their beginning is the condition, so that where a token crosses the border between context and reply makes no difference.
/// </summary>
/// <param name="Document">The item.</param>
/// <param name="Fitting">Context and fitting reply.</param>
/// <param name="Unfitting">Context and the other reply.</param>
/// <param name="Shared">How many tokens the two have in common at their beginning; at least one.</param>
/// <param name="Cut">Whether the context lost its beginning.</param>
internal sealed record ReplyPair(Document Document, int[] Fitting, int[] Unfitting, int Shared, bool Cut)
{
    /// <summary>The pair of an item; null if one reply begins with the other (nothing is left to compare), or the context has no room before the longer one.</summary>
    public static ReplyPair? Of(Document document, ITokenizer tokenizer, int longest)
    {
        int[] fitting = tokenizer.Tokens(Join(document.Text, document.FittingReply!));
        int[] unfitting = tokenizer.Tokens(Join(document.Text, document.UnfittingReply!));
        int shared = fitting.AsSpan().CommonPrefixLength(unfitting);

        // Both lose the same tokens: the context stays one.
        int cut = Math.Max(0, Math.Max(fitting.Length, unfitting.Length) - longest);
        bool oneBeginsTheOther = shared == Math.Min(fitting.Length, unfitting.Length);
        return oneBeginsTheOther || shared - cut < 1 ? null : new ReplyPair(document, fitting[cut..], unfitting[cut..], shared - cut, cut > 0);
    }

    /// <summary>log p of what follows the shared beginning.</summary>
    /// <param name="scores">log p of every token but the first.</param>
    public double LogProbability(float[] scores)
    {
        double sum = 0;
        for (int i = Shared - 1; i < scores.Length; i++)
        {
            sum += scores[i];
        }

        return sum;
    }

    private static string Join(string context, string reply) =>
        context.Length == 0 || char.IsWhiteSpace(context[^1]) || char.IsWhiteSpace(reply[0]) ? context + reply : $"{context} {reply}";
}
