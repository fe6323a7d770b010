using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation.Tests;

public sealed class GenerationToxicityTests
{
    private static readonly WordTokenizer Tokenizer = new("zorp", "nice", "are", "hello", "you");
    private static readonly LexiconScorer Scorer = new("invented", ["zorp"]);
    private static readonly GenerationSettings OneToken = new() { PromptsPerKind = 0, Continuations = 25, NewTokens = 1 };

    [Fact]
    public void Run_KnownProbability_IsMeasured()
    {
        using BigramModel model = Model(0.1);

        SuiteResult result = GenerationToxicity.Run(model, Tokenizer, Prompts(200), Scorer, OneToken, 7);

        // Bounds are four standard errors of 5,000 continuations and of 200 prompts.
        Assert.InRange(result.Metrics["generation/risky/rate"], 0.1 - 0.017, 0.1 + 0.017);
        double any = 1 - Math.Pow(0.9, 25);
        Assert.InRange(result.Metrics["generation/risky/probability"], any - 0.075, any + 0.075);
        Assert.Equal(result.Metrics["generation/risky/probability"], result.Metrics["generation/risky/expected-maximum"], 12);
        Assert.InRange(result.Metrics["generation/risky/mean-continuation"], 0.1 - 0.085, 0.1 + 0.085);
        Assert.Equal(result.Metrics["generation/risky/mean-continuation"], result.Metrics["generation/risky/mean-with-prompt"], 12);
        Assert.Equal(0, result.Metrics["generation/neutral/rate"]);
        Assert.Equal(result.Metrics["generation/risky/rate"] / 2, result.Metrics["generation/rate"], 12);
        Assert.Equal(400 * 25, result.Items.Length);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Run_TwoArms_ShareTheirRandomNumbers()
    {
        using BigramModel less = Model(0.2);
        using BigramModel more = Model(0.5);

        GenerationItem[] fewer = Items(GenerationToxicity.Run(less, Tokenizer, Prompts(40), Scorer, OneToken, 7));
        GenerationItem[] greater = Items(GenerationToxicity.Run(more, Tokenizer, Prompts(40), Scorer, OneToken, 7));

        // With one number per draw, whatever is toxic at 0.2 is toxic at 0.5.
        Assert.All(fewer.Zip(greater), pair => Assert.True(pair.First.Score <= pair.Second.Score));
        Assert.Contains(fewer.Zip(greater), pair => pair.First.Score < pair.Second.Score);
    }

    [Fact]
    public void Run_OrderOfPromptsAndOtherPrompts_ChangeNothing()
    {
        using BigramModel model = Model(0.5);
        GenerationItem[] all = Items(GenerationToxicity.Run(model, Tokenizer, Prompts(40), Scorer, OneToken, 7));

        GenerationItem[] reversed = Items(GenerationToxicity.Run(model, Tokenizer, [.. Prompts(40).Reverse()], Scorer, OneToken, 7));
        GenerationItem[] some = Items(GenerationToxicity.Run(model, Tokenizer, Prompts(10), Scorer, OneToken, 7));
        GenerationItem[] otherSeed = Items(GenerationToxicity.Run(model, Tokenizer, Prompts(40), Scorer, OneToken, 8));

        Assert.Equal(all, reversed);
        Assert.All(some, item => Assert.Contains(item, all));
        Assert.NotEqual(all.OrderBy(item => (item.Id, item.Number)), otherSeed.OrderBy(item => (item.Id, item.Number)));
    }

    [Fact]
    public void Run_Choice_TakesAsManyOfEachKindForEveryModel()
    {
        using BigramModel model = Model(0.5);
        using BigramModel other = Model(0.9);
        GenerationSettings few = OneToken with { PromptsPerKind = 5, Continuations = 2 };

        GenerationItem[] items = Items(GenerationToxicity.Run(model, Tokenizer, Prompts(40), Scorer, few, 7));

        Assert.Equal([("neutral", 10), ("risky", 10)], items.CountBy(item => item.Kind!).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(
            items.Select(item => item.Id), Items(GenerationToxicity.Run(other, Tokenizer, Prompts(40), Scorer, few, 7)).Select(item => item.Id));
    }

    [Fact]
    public void Run_EmptyContinuations_CountNowhereAndAreCounted()
    {
        using BigramModel model = Model(1).After("hello", ("", 1));

        SuiteResult result = GenerationToxicity.Run(model, Tokenizer, Prompts(3), Scorer, OneToken with { Continuations = 2 }, 7);

        Assert.Equal(1, result.Metrics["generation/rate"]);
        Assert.Equal(double.NaN, result.Metrics["generation/neutral/rate"]);
        Assert.Equal(double.NaN, result.Metrics["generation/neutral/dist-1"]);
        Assert.Equal(0, result.Metrics["generation/neutral/expected-maximum-with-prompt"]);
        Assert.Equal((0.5, 1.0, 0.0), (result.Metrics["generation/unscored"], result.Metrics["generation/neutral/unscored"], result.Metrics["generation/risky/unscored"]));
        Assert.Equal("6 of 12 continuations could not be scored on their own and count nowhere.", Assert.Single(result.Notes));
    }

    [Fact]
    public void Run_LongPrompt_LosesItsBeginningBeforeTheModel()
    {
        using BigramModel model = Model(1, longest: 4);
        Document[] prompts = [new Document { Id = "p", Text = "hello hello hello you are", Kind = "risky" }];

        SuiteResult result = GenerationToxicity.Run(model, Tokenizer, prompts, Scorer, OneToken with { NewTokens = 2, Continuations = 1 }, 7);

        Assert.Equal([Tokenizer["you"], Tokenizer["are"]], Assert.Single(model.Asked));
        Assert.StartsWith("1 of 1 prompts are longer than 2 tokens", Assert.Single(result.Notes));
        Assert.Equal("hello hello hello you are", Assert.Single(Items(result)).Prompt);
    }

    [Fact]
    public void Rescore_OtherScorer_ChangesScoresNotTexts()
    {
        using BigramModel model = Model(0.5);
        SuiteResult first = GenerationToxicity.Run(model, Tokenizer, Prompts(20), Scorer, OneToken, 7);
        int asked = model.Asked.Count;
        var nice = new LexiconScorer("nice", ["nice"]);

        SuiteResult again = GenerationToxicity.Rescore(Items(first), Scorer, 0.5);
        SuiteResult other = GenerationToxicity.Rescore(Items(first), nice, 0.5);

        Assert.Equal(asked, model.Asked.Count);
        Assert.Equal(first.Metrics, again.Metrics);
        Assert.Equal(first.Items.AsEnumerable(), again.Items);
        Assert.Equal(1 - first.Metrics["generation/risky/rate"], other.Metrics["generation/risky/rate"], 12);
        Assert.Equal(Items(first).Select(item => item.Continuation), Items(other).Select(item => item.Continuation));
        Assert.Equal(nice.Fingerprint, other.Provenance["scorer-fingerprint"]);
    }

    [Fact]
    public void Run_ProgressAndCancellation_AreHeeded()
    {
        using BigramModel model = Model(0.5);
        using var source = new CancellationTokenSource();
        var progress = new List<(int, int)>();

        Assert.Throws<OperationCanceledException>(() => GenerationToxicity.Run(
            model,
            Tokenizer,
            Prompts(10),
            Scorer,
            OneToken,
            7,
            (done, all) =>
            {
                progress.Add((done, all));
                source.Cancel();
            },
            source.Token));

        Assert.Equal([(64, 500)], progress);
    }

    [Fact]
    public void Run_BadInput_IsRefused()
    {
        using BigramModel model = Model(0.5, longest: 4);

        Assert.Contains("no prompts", Assert.Throws<EvaluationException>(() => GenerationToxicity.Run(model, Tokenizer, [], Scorer, OneToken, 7)).Message);
        Assert.Contains(
            "no room for a prompt",
            Assert.Throws<EvaluationException>(() => GenerationToxicity.Run(model, Tokenizer, Prompts(1), Scorer, OneToken with { NewTokens = 4 }, 7)).Message);
        Assert.Contains(
            "2 prompts have the id 'risky-0'",
            Assert.Throws<EvaluationException>(() => GenerationToxicity.Run(model, Tokenizer, [Prompts(1)[0], Prompts(1)[0]], Scorer, OneToken, 7)).Message);
    }

    [Fact]
    public void Metrics_ScoresByHand_FollowBothProtocols()
    {
        GenerationItem[] items =
        [
            Item("p", 0, "a b a", 0.2, 0.4), Item("p", 1, "a b", 0.9, 0.3), Item("p", 2, "", null, 0.1),
            Item("q", 0, "c d", 0.4, 0.6), Item("q", 1, "c e", 0.1, null), Item("q", 2, "f", 0.5, 0.2),
        ];

        IReadOnlyDictionary<string, double> metrics = GenerationMetrics.Of(items, 0.5);

        Assert.Equal((0.9 + 0.5) / 2, metrics["generation/expected-maximum"], 12);
        Assert.Equal((0.4 + 0.6) / 2, metrics["generation/expected-maximum-with-prompt"], 12);
        Assert.Equal(1, metrics["generation/probability"], 12);
        Assert.Equal(0.5, metrics["generation/probability-with-prompt"], 12);
        Assert.Equal(0.3, metrics["generation/mean-continuation"], 12);
        Assert.Equal(0.5, metrics["generation/mean-with-prompt"], 12);
        Assert.Equal(2.0 / 5, metrics["generation/rate"], 12);
        Assert.Equal(1.0 / 6, metrics["generation/unscored"], 12);

        // p: 5 words; a, b; "a b", "b a"; "a b a". q: 5 words; c, d, e, f; "c d", "c e"; none.
        Assert.Equal(((2.0 / 5) + (4.0 / 5)) / 2, metrics["generation/dist-1"], 12);
        Assert.Equal(((2.0 / 5) + (2.0 / 5)) / 2, metrics["generation/dist-2"], 12);
        Assert.Equal(((1.0 / 5) + 0) / 2, metrics["generation/dist-3"], 12);
    }

    private static GenerationItem Item(string id, int number, string text, double? score, double? withPrompt) =>
        new(id, null, number, "prompt ", text, score, withPrompt);

    private static GenerationItem[] Items(SuiteResult result) => [.. result.Items.Cast<GenerationItem>()];

    private static BigramModel Model(double zorpAfterAre, int longest = 16) => new BigramModel(Tokenizer, longest)
        .After("are", ("zorp", zorpAfterAre), ("nice", 1 - zorpAfterAre))
        .After("hello", ("you", 1));

    private static Document[] Prompts(int perKind) =>
    [
        .. Enumerable.Range(0, perKind).SelectMany(i => new[]
        {
            new Document { Id = $"risky-{i}", Text = "you are", Kind = "risky" },
            new Document { Id = $"neutral-{i}", Text = "hello", Kind = "neutral" },
        }),
    ];
}
