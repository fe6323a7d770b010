using System.Collections.Immutable;
using System.Globalization;
using SlungOrleans.Corpora;
using SlungOrleans.Training;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Does the model generate high-risk text? Continuations of prompts are sampled and scored by a local scorer, as <see cref="GenerationMetrics"/>
/// says. Continuation n of a prompt has a random stream of its own, named by the prompt's id and n: the same in every arm, and none of training's.
/// </summary>
public static class GenerationToxicity
{
    /// <summary>The suite's name.</summary>
    public const string Suite = "generation";

    /// <summary>Samples, scores and measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="prompts">Prompts; their kinds (<c>risky</c>, <c>neutral</c>) are measured apart and together.</param>
    /// <param name="scorer">Scores text; not the tagger of the training data.</param>
    /// <param name="settings">How.</param>
    /// <param name="seed">Names the choice of prompts and the random streams; one for all runs of a study.</param>
    /// <param name="progress">Told of continuations sampled and continuations in all.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <exception cref="EvaluationException">There is no prompt, two have one id, one has no tokens, or a setting is outside its range.</exception>
    public static SuiteResult Run(
        ILanguageModel model,
        ITokenizer tokenizer,
        IReadOnlyList<Document> prompts,
        IToxicityScorer scorer,
        GenerationSettings settings,
        ulong seed,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        int longestPrompt = model.Description.MaximumSequenceLength - settings.NewTokens;
        Check(settings, longestPrompt);
        Document[] chosen = Choose(prompts, settings.PromptsPerKind, seed);
        int[][] tokens = [.. chosen.Select(prompt => tokenizer.Tokens(prompt.Text))];
        int empty = Array.FindIndex(tokens, prompt => prompt.Length == 0);
        if (empty >= 0)
        {
            throw new EvaluationException($"Prompt '{chosen[empty].Id}' has no tokens; text is expected.");
        }

        var sampling = new SamplingSettings
        {
            NewTokens = settings.NewTokens,
            TopK = settings.TopK,
            Temperature = settings.Temperature,
            EndOfText = tokenizer.EndOfText,
            Seed = NamedStream.Key(seed, "evaluation", Suite),
        };
        (int Prompt, int Number)[] asked =
            [.. Enumerable.Range(0, chosen.Length).SelectMany(prompt => Enumerable.Range(0, settings.Continuations).Select(number => (prompt, number)))];
        List<int[]> continuations = SuiteRun.InBatches(
            asked,
            batch => model.Generate(
                [.. batch.Select(one => SuiteRun.KeepEnd(tokens[one.Prompt], longestPrompt))],
                sampling,
                [.. batch.Select(one => Stream(chosen[one.Prompt].Id, one.Number))]),
            done => progress?.Invoke(done, asked.Length),
            cancellation);

        var items = new GenerationItem[asked.Length];
        for (int i = 0; i < items.Length; i++)
        {
            Document prompt = chosen[asked[i].Prompt];
            items[i] = new GenerationItem(prompt.Id, prompt.Kind, asked[i].Number, prompt.Text, tokenizer.Decode(continuations[i]), null, null);
        }

        SuiteResult scored = Rescore(items, scorer, settings.Threshold);
        int cut = tokens.Count(prompt => prompt.Length > longestPrompt);
        return scored with
        {
            Notes = cut == 0 ? scored.Notes : scored.Notes.Add(
                $"{cut} of {chosen.Length} prompts are longer than {longestPrompt} tokens, which is what leaves room for {settings.NewTokens} new ones, and lost their beginning."),
            Provenance = scored.Provenance
                .Add("tokenizer", tokenizer.Fingerprint)
                .Add("seed", seed.ToString(CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Scores kept continuations, again or for the first time; nothing is sampled.</summary>
    /// <param name="items">Continuations; their scores are replaced.</param>
    /// <param name="scorer">Scores text.</param>
    /// <param name="threshold">A text scored at or above this counts as toxic.</param>
    public static SuiteResult Rescore(IReadOnlyList<GenerationItem> items, IToxicityScorer scorer, double threshold)
    {
        GenerationItem[] scored =
        [
            .. items.Select(item => item with
            {
                // A continuation of which nothing can be seen has no score of its own; with the prompt there is something to score.
                Score = scorer.Score(item.Continuation),
                ScoreWithPrompt = scorer.Score(item.Prompt + item.Continuation),
            }),
        ];
        return new SuiteResult
        {
            Suite = Suite,
            Metrics = GenerationMetrics.Of(scored, threshold),
            Items = [.. scored],
            Notes = NotesOn(scored),
            Provenance = ImmutableSortedDictionary<string, string>.Empty
                .Add("scorer", scorer.Name)
                .Add("scorer-fingerprint", scorer.Fingerprint)
                .Add("threshold", threshold.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static ulong Stream(string prompt, int number) => NamedStream.Key((ulong)number, "continuation", prompt);

    private static Document[] Choose(IReadOnlyList<Document> prompts, int perKind, ulong seed)
    {
        if (prompts.Count == 0)
        {
            throw new EvaluationException("There are no prompts to continue; at least one is expected.");
        }

        if (prompts.CountBy(prompt => prompt.Id, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: not null } repeated)
        {
            throw new EvaluationException($"{repeated.Value} prompts have the id '{repeated.Key}'; ids are unique.");
        }

        return
        [
            .. prompts
                .GroupBy(prompt => prompt.Kind ?? "", StringComparer.Ordinal)
                .OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .SelectMany(kind => NamedStream.Shuffle(kind, prompt => prompt.Id, seed, "prompts").Take(perKind > 0 ? perKind : int.MaxValue)),
        ];
    }

    private static ImmutableArray<string> NotesOn(GenerationItem[] items)
    {
        int unscored = items.Count(item => item.Score is null);
        int unscoredWithPrompt = items.Count(item => item.ScoreWithPrompt is null);
        ImmutableArray<string> notes = [];
        notes = unscored == 0 ? notes : notes.Add($"{unscored} of {items.Length} continuations could not be scored on their own and count nowhere.");
        return unscoredWithPrompt == 0
            ? notes
            : notes.Add($"{unscoredWithPrompt} of {items.Length} continuations could not be scored with their prompt and count nowhere.");
    }

    private static void Check(GenerationSettings settings, int longestPrompt)
    {
        if (settings.Continuations < 1 || settings.NewTokens < 1 || settings.TopK < 0 || settings.PromptsPerKind < 0 || !(settings.Temperature >= 0))
        {
            throw new EvaluationException(
                $"Generation needs a continuation and a new token or more, and neither top-k, temperature nor the number of prompts below 0; found {settings}.");
        }

        if (longestPrompt < 1)
        {
            throw new EvaluationException(
                $"{settings.NewTokens} new tokens leave no room for a prompt: the model's longest sequence has {longestPrompt + settings.NewTokens} tokens.");
        }
    }
}
