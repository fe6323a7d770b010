using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>What the suites share: tokens of a text, and batches with progress and cancellation.</summary>
internal static class SuiteRun
{
    // Enough for an engine to keep its threads busy, few enough that progress moves and cancellation is soon.
    private const int BatchSize = 64;

    public static int[] Tokens(this ITokenizer tokenizer, string text)
    {
        var tokens = new List<int>();
        tokenizer.Encode(text, tokens);
        return [.. tokens];
    }

    public static int[] KeepEnd(int[] tokens, int length) => tokens.Length <= length ? tokens : tokens[^length..];

    /// <summary>Asks about all inputs in batches, in order.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="ask">Gives as many answers as it is given inputs.</param>
    /// <param name="progress">Told of inputs answered.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    public static List<TAnswer> InBatches<TInput, TAnswer>(
        IReadOnlyList<TInput> inputs, Func<TInput[], IReadOnlyList<TAnswer>> ask, Action<int>? progress, CancellationToken cancellation)
    {
        var answers = new List<TAnswer>(inputs.Count);
        foreach (TInput[] batch in inputs.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            answers.AddRange(ask(batch));
            progress?.Invoke(answers.Count);
        }

        return answers;
    }

    public static string Count(int number, string one, string many) => FormattableString.Invariant($"{number} {(number == 1 ? one : many)}");
}
