using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation.Tests;

public sealed class PerplexityTests
{
    private static readonly WordTokenizer Tokenizer = new("a", "b");

    [Fact]
    public void Run_Packed_PoolsAllTokensButTheFirstOfEverySequence()
    {
        using BigramModel model = Model(longest: 4);

        // a b E a | b E a b | E: the last one has nothing to predict.
        SuiteResult result = Perplexity.Run(model, Tokenizer, [Set("clean", "a b", "a b", "a b")], new PerplexitySettings(), 1);

        double nats = -((2 * Math.Log(0.5)) + (2 * Math.Log(0.2)) + (2 * Math.Log(0.1)));
        Assert.Equal(Math.Exp(nats / 6), result.Metrics["perplexity/clean"], 5);
        double bits = -((2 * Math.Log2(0.5)) + (2 * Math.Log2(0.1))) / 4;
        Assert.Equal(bits * 6 / 9, result.Metrics["bits-per-byte/clean"], 5);
        Assert.Equal(["clean/0", "clean/1"], result.Items.Select(item => item.Id));
        Assert.Equal(2, result.Metrics.Count);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Run_OnePerDocument_PredictsEveryTokenOfTheText()
    {
        using BigramModel model = Model(longest: 4);

        SuiteResult result = Perplexity.Run(
            model, Tokenizer, [Set("clean", "a b", "b", "a a a a a")], new PerplexitySettings { Packed = false }, 1);

        // E a b; E b; E a a a, cut.
        double nats = -(Math.Log(0.1) + Math.Log(0.5) + Math.Log(0.7) + Math.Log(0.1) + (2 * Math.Log(0.25)));
        Assert.Equal(Math.Exp(nats / 6), result.Metrics["perplexity/clean"], 5);
        Assert.Equal(nats / Math.Log(2) / 6 * 8 / (3 + 1 + 9), result.Metrics["bits-per-byte/clean"], 5);
        Assert.Equal(["0", "1", "2"], result.Items.Select(item => item.Id).Order());
        Assert.Contains("1 of 3 documents are longer than 3 tokens and lost their end.", Assert.Single(result.Notes));
    }

    [Fact]
    public void Run_Labels_MeasureBenignTargetsAlone()
    {
        using BigramModel model = Model(longest: 8);
        var document = new TokenizedDocument("x", [1, 2, 1, 1], [RiskLabel.Benign, RiskLabel.HighRisk, RiskLabel.Benign, RiskLabel.Middle], 0);

        SuiteResult result = Perplexity.Run(model, Tokenizer, [new PerplexitySet("high-risk", [document])], new PerplexitySettings(), 1);

        // a (first), b high-risk, a benign after b, a middle, end of text: only a after b is benign and predicted.
        Assert.Equal(1 / 0.8, result.Metrics["perplexity/high-risk-benign-tokens"], 5);
        Assert.Equal(Math.Exp(-(Math.Log(0.5) + Math.Log(0.8) + Math.Log(0.25) + Math.Log(0.25)) / 4), result.Metrics["perplexity/high-risk"], 5);
        Assert.DoesNotContain("bits-per-byte/high-risk", result.Metrics.Keys);
        PerplexityItem item = Assert.IsType<PerplexityItem>(Assert.Single(result.Items));
        Assert.Equal((4, 1), (item.Tokens, item.BenignTokens));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_UniformModel_HasThePerplexityOfItsVocabulary(bool packed)
    {
        using var model = new BigramModel(Tokenizer);

        SuiteResult result = Perplexity.Run(model, Tokenizer, [Set("clean", "a b a b", "b b c")], new PerplexitySettings { Packed = packed }, 1);

        Assert.Equal(4, result.Metrics["perplexity/clean"], 5);
    }

    [Fact]
    public void Run_FewerSequencesAskedFor_UsesSomeDocumentsAndSaysSo()
    {
        using BigramModel model = Model(longest: 4);
        PerplexitySet set = Set("clean", [.. Enumerable.Repeat("a b a", 100)]);
        var progress = new List<(int, int)>();

        SuiteResult result = Perplexity.Run(model, Tokenizer, [set], new PerplexitySettings { Sequences = 5 }, 1, (done, all) => progress.Add((done, all)));

        Assert.Equal(5, result.Items.Length);
        Assert.Equal("Perplexity set 'clean': 5 of 100 documents are in the 5 sequences that were asked for.", Assert.Single(result.Notes));
        Assert.Equal([(5, 5)], progress);
    }

    [Fact]
    public void Run_ImpossibleToken_IsInfiniteAndNoted()
    {
        using BigramModel model = Model(longest: 8).After("a", ("a", 1));

        SuiteResult result = Perplexity.Run(model, Tokenizer, [Set("clean", "a b")], new PerplexitySettings(), 1);

        Assert.Equal(double.PositiveInfinity, result.Metrics["perplexity/clean"]);
        Assert.Contains("the model has diverged", Assert.Single(result.Notes));
    }

    [Fact]
    public void Run_NothingToPredict_IsRefused()
    {
        using BigramModel model = Model(longest: 8);

        Assert.Contains(
            "Perplexity set 'clean' has no text to predict",
            Assert.Throws<EvaluationException>(() => Perplexity.Run(model, Tokenizer, [Set("clean")], new PerplexitySettings(), 1)).Message);
        var halfLabelled = new TokenizedDocument("x", [1, 2], [RiskLabel.Benign], 3);
        Assert.Contains(
            "'x' has 2 tokens and 1 labels",
            Assert.Throws<EvaluationException>(() => Perplexity.Run(model, Tokenizer, [new PerplexitySet("s", [halfLabelled])], new PerplexitySettings(), 1)).Message);
    }

    private static BigramModel Model(int longest) => new BigramModel(Tokenizer, longest)
        .After("", ("a", 0.1), ("b", 0.7), ("", 0.2))
        .After("a", ("b", 0.5), ("a", 0.25), ("", 0.25))
        .After("b", ("", 0.2), ("a", 0.8));

    private static PerplexitySet Set(string name, params string[] texts) =>
        new(name, [.. texts.Select((text, i) => TokenizedDocument.Of(new Document { Id = $"{i}", Text = text }, Tokenizer))]);
}
