using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation.Tests;

public sealed class RecognitionTests
{
    private static readonly WordTokenizer Tokenizer = new([.. Enumerable.Range(0, 400).Select(i => $"w{i}")]);
    private static readonly RecognitionSettings Settings = new() { TrainingExamples = 40, TestExamples = 80 };

    // A hidden state that holds the label's token with noise from the token's number.
    private static readonly Func<int[], float[]> Informed = tokens => [tokens[^1] % 2, Noise(tokens[^1], 1), Noise(tokens[^1], 2)];
    private static readonly Func<int[], float[]> Ignorant = tokens => [Noise(tokens[^1], 3), Noise(tokens[^1], 1), Noise(tokens[^1], 2)];

    [Fact]
    public void Run_StateThatHoldsTheLabel_IsRecognised()
    {
        SuiteResult result = Run(Informed, Documents(200));

        Assert.All(
            ["auroc", "average-precision", "f1", "accuracy", "precision", "recall"],
            name => Assert.Equal((1.0, 1.0), (result.Metrics[$"recognition/{name}"], result.Metrics[$"recognition/set/{name}"])));
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Run_StateWithoutTheLabel_IsAtChance()
    {
        SuiteResult result = Run(Ignorant, Documents(200));

        // Three draws of 80 test documents: four standard errors of an AUROC at chance, 0.065 each.
        Assert.InRange(result.Metrics["recognition/auroc"], 0.5 - 0.16, 0.5 + 0.16);
    }

    [Fact]
    public void Run_TwoModelsAndAnotherOrder_HaveTheSameItems()
    {
        SuiteResult informed = Run(Informed, Documents(200));
        SuiteResult ignorant = Run(Ignorant, [.. Documents(200).Reverse()]);

        Assert.Equal(Keys(informed), Keys(ignorant));
        Assert.Equal(3 * 80, informed.Items.Length);
        Assert.NotEqual(Keys(informed), Keys(Run(Informed, Documents(200), seed: 2)));
    }

    [Fact]
    public void Draw_EveryResample_IsBalancedDisjointAndDifferent()
    {
        ProbeDraw draw = ProbeDraw.Of(new RecognitionSet("set", Documents(200)), Settings, 1);

        Assert.Equal(3, draw.Resamples.Count);
        foreach ((IReadOnlyList<Document> training, IReadOnlyList<Document> test) in draw.Resamples)
        {
            Assert.Equal((40, 20), (training.Count, training.Count(document => document.HighRisk == true)));
            Assert.Equal((80, 40), (test.Count, test.Count(document => document.HighRisk == true)));
            Assert.Empty(training.Intersect(test));
            Assert.Equal(120, training.Concat(test).Distinct().Count());
        }

        Assert.NotEqual(draw.Resamples[0].Test.Select(document => document.Id).Order(), draw.Resamples[1].Test.Select(document => document.Id).Order());
    }

    [Fact]
    public void Run_Metrics_AreThoseOfTheKeptItems()
    {
        SuiteResult result = Run(tokens => [(tokens[^1] % 2) + (2 * Noise(tokens[^1], 1))], Documents(200));

        RecognitionItem[] items = [.. result.Items.Cast<RecognitionItem>()];
        double auroc = items.GroupBy(item => item.Resample)
            .Average(draw => Ranking.Auroc([.. draw.Select(item => item.Score)], [.. draw.Select(item => item.HighRisk)]));
        double accuracy = items.Average(item => item.Score > 0 == item.HighRisk ? 1.0 : 0.0);
        Assert.Equal(auroc, result.Metrics["recognition/auroc"], 12);
        Assert.Equal(accuracy, result.Metrics["recognition/accuracy"], 12);
        Assert.InRange(auroc, 0.6, 0.99);
    }

    [Fact]
    public void Run_Standardise_MakesTheUnitOfAFeatureIrrelevant()
    {
        static Func<int[], float[]> Scaled(float unit) => tokens => [unit * ((tokens[^1] % 2) + (2 * Noise(tokens[^1], 1))), Noise(tokens[^1], 2)];
        RecognitionSettings standardised = Settings with { Standardise = true };

        double[] plain = Scores(Run(Scaled(1), Documents(200)));
        double[] plainSmall = Scores(Run(Scaled(1f / 1024), Documents(200)));
        double[] scaled = Scores(Run(Scaled(1), Documents(200), standardised));
        double[] scaledSmall = Scores(Run(Scaled(1f / 1024), Documents(200), standardised));

        Assert.All(scaled.Zip(scaledSmall), pair => Assert.Equal(pair.First, pair.Second, 6));
        Assert.Contains(plain.Zip(plainSmall), pair => Math.Abs(pair.First - pair.Second) > 0.1);
    }

    [Fact]
    public void Run_LongDocuments_KeepTheirEnd()
    {
        Document[] documents = [.. Documents(20).Select(document => document with { Text = $"w1 w2 w3 w4 {document.Text}" })];
        using var model = new BigramModel(Tokenizer, longest: 3) { HiddenState = Informed };

        SuiteResult result = Recognition.Run(model, Tokenizer, [new RecognitionSet("set", documents)], Settings with { TrainingExamples = 10, TestExamples = 10 }, 1);

        Assert.Equal(1, result.Metrics["recognition/auroc"]);
        Assert.All(model.Asked, tokens => Assert.Equal(3, tokens.Length));
        Assert.Contains("documents are longer than 3 tokens and lost their beginning.", Assert.Single(result.Notes));
    }

    [Fact]
    public void Run_SeveralSets_HeadlineIsTheFirst()
    {
        using var model = new BigramModel(Tokenizer) { HiddenState = tokens => [tokens.Length == 1 ? tokens[^1] % 2 : 0] };
        Document[] hidden = [.. Documents(100).Select(document => document with { Text = document.Text + " w0" })];
        var progress = new List<(int Done, int All)>();

        SuiteResult result = Recognition.Run(
            model,
            Tokenizer,
            [new RecognitionSet("open", Documents(100)), new RecognitionSet("hidden", hidden)],
            Settings,
            1,
            (done, all) => progress.Add((done, all)));

        Assert.Equal((1.0, 1.0, 0.5), (result.Metrics["recognition/auroc"], result.Metrics["recognition/open/auroc"], result.Metrics["recognition/hidden/auroc"]));
        Assert.Equal(progress[^1].All, progress[^1].Done);
        Assert.Equal(progress.Select(step => step.Done).Order(), progress.Select(step => step.Done));
    }

    [Fact]
    public void Run_SmallOrRepeatedSet_IsNoted()
    {
        Document[] documents =
        [
            .. Documents(12),
            new Document { Id = "copy", Text = "w0", HighRisk = false },
            new Document { Id = "unlabelled", Text = "w399" },
        ];

        SuiteResult result = Run(Informed, documents);

        Assert.Equal(
            [
                "Recognition set 'set': 1 of 14 documents have no label and were left out.",
                "Recognition set 'set': 1 of 13 documents repeat another one's text and were left out.",
                "Recognition set 'set' is small: probes had 6 training and 6 test documents, not 40 and 80.",
            ],
            result.Notes.AsEnumerable());
        Assert.Equal(3 * 6, result.Items.Length);
    }

    [Fact]
    public void Run_BadInput_IsRefused()
    {
        Assert.Contains("1 high-risk and 1 benign", Assert.Throws<EvaluationException>(() => Run(Informed, Documents(2))).Message);
        Assert.Contains("has diverged", Assert.Throws<EvaluationException>(() => Run(_ => [float.NaN], Documents(20))).Message);
        Document[] repeated = [.. Documents(20), .. Documents(20)];
        Assert.Contains("ids are unique", Assert.Throws<EvaluationException>(() => Run(Informed, repeated)).Message);
        Assert.Throws<EvaluationException>(() => Run(Informed, Documents(20), Settings with { TrainingExamples = 1 }));
        Assert.Empty(Run(Informed, Documents(200), Settings with { TrainingExamples = 41 }).Notes);
    }

    private static SuiteResult Run(Func<int[], float[]> hidden, Document[] documents, RecognitionSettings? settings = null, ulong seed = 1)
    {
        using var model = new BigramModel(Tokenizer) { HiddenState = hidden };
        return Recognition.Run(model, Tokenizer, [new RecognitionSet("set", documents)], settings ?? Settings, seed);
    }

    // Token ids begin at 1: word i has id i + 1, and is high-risk if that is odd.
    private static Document[] Documents(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Document { Id = $"d{i}", Text = $"w{i}", HighRisk = Tokenizer[$"w{i}"] % 2 == 1 })];

    private static double[] Scores(SuiteResult result) => [.. result.Items.Cast<RecognitionItem>().Select(item => item.Score)];

    private static IEnumerable<(string, int, bool)> Keys(SuiteResult result) =>
        result.Items.Cast<RecognitionItem>().Select(item => (item.Id, item.Resample, item.HighRisk));

    private static float Noise(int token, int which) => new NamedStream(NamedStream.Key((ulong)token, $"{which}")).Next(2001) / 1000f - 1;
}
