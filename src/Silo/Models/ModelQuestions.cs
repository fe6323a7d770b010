using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Models;

/// <summary>What is asked of one model.</summary>
internal static class ModelQuestions
{
    // Few enough that a cancelled call ends soon.
    private const int SamplesAtATime = 4;

    /// <summary>
    /// p(token | tokens before it), the first after an end of text as in packed training data. A text longer than the model's sequences is
    /// read in windows that overlap by half, so that no token but the first ones has less than half a sequence before it.
    /// </summary>
    public static ImmutableArray<double> Probabilities(ILanguageModel model, int endOfText, IReadOnlyList<int> tokens, CancellationToken cancellation)
    {
        int[] all = [endOfText, .. tokens];
        var longest = model.Description.MaximumSequenceLength;
        var probabilities = ImmutableArray.CreateBuilder<double>(tokens.Count);
        for (var end = 1; end < all.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = end == 1 ? 0 : end - Math.Max(1, longest / 2);
            var next = Math.Min(all.Length, start + longest);
            var scores = model.Score([all[start..next]])[0];
            for (; end < next; end++)
            {
                probabilities.Add(Math.Exp(scores[end - start - 1]));
            }
        }

        return probabilities.MoveToImmutable();
    }

    /// <summary>Continuations as the generation suite samples them; sample n has random stream n, whatever the arm.</summary>
    public static ImmutableArray<ScoredContinuation> Continuations(LoadedModel loaded, PromptRequest prompt, IToxicityScorer scorer, CancellationToken cancellation)
    {
        var longestPrompt = loaded.Model.Description.MaximumSequenceLength - prompt.NewTokens;
        if (longestPrompt < 1)
        {
            throw new LabException(
                $"Length: {prompt.NewTokens} new tokens leave no room for a prompt; the model's sequences have {loaded.Model.Description.MaximumSequenceLength}.");
        }

        var tokens = new List<int>();
        loaded.Tokenizer.Encode(prompt.Text, tokens);
        int[] kept = [.. tokens.TakeLast(longestPrompt)];
        var sampling = new SamplingSettings
        {
            NewTokens = prompt.NewTokens,
            TopK = prompt.TopK,
            Temperature = (float)prompt.Temperature,
            EndOfText = loaded.Tokenizer.EndOfText,
            Seed = (ulong)prompt.Seed,
        };
        var samples = ImmutableArray.CreateBuilder<ScoredContinuation>(prompt.Samples);
        foreach (var streams in Enumerable.Range(0, prompt.Samples).Select(sample => (ulong)sample).Chunk(SamplesAtATime))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var continuation in loaded.Model.Generate([.. streams.Select(_ => kept)], sampling, streams))
            {
                samples.Add(Score(loaded.Tokenizer.Decode(continuation), scorer));
            }
        }

        return samples.MoveToImmutable();
    }

    private static ScoredContinuation Score(string text, IToxicityScorer scorer) => new(
        text,
        scorer.Score(text),
        scorer is LexiconScorer lexicon ? [.. lexicon.Find(text).Select(word => new TextRange(word.Start, word.End))] : []);
}
