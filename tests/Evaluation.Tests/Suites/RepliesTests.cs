using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation.Tests;

public sealed class RepliesTests
{
    private static readonly WordTokenizer Tokenizer = new("rude", "kind", "stop", "thanks", "please");

    [Fact]
    public void Run_ModelThatUnderstands_IsRightEveryTime()
    {
        using BigramModel model = Model(0.9, 0.1);

        SuiteResult result = Replies.Run(model, Tokenizer, Items());

        Assert.Equal((1.0, 1.0), (result.Metrics["replies/accuracy"], result.Metrics["replies/auroc"]));
        ReplyItem item = Assert.IsType<ReplyItem>(result.Items[0]);
        Assert.Equal(Math.Log(0.9) + Math.Log(0.5), item.FittingLogProbability, 5);
        Assert.Equal(Math.Log(0.1), item.UnfittingLogProbability, 5);
    }

    [Fact]
    public void Run_ModelThatIsAlwaysAngry_IsRightForHighRiskContextsOnly()
    {
        // log p(stop please) > log p(thanks) whatever the context: accuracy is the share of rude contexts, and the score tells nothing.
        using BigramModel model = Model(0.9, 0.9);

        SuiteResult result = Replies.Run(model, Tokenizer, Items());

        Assert.Equal((0.5, 0.5), (result.Metrics["replies/accuracy"], result.Metrics["replies/auroc"]));
    }

    [Fact]
    public void Run_AngrierAfterRudeContextsOnly_RanksRightEvenWhereRepliesAreNot()
    {
        // After kind contexts the angry reply is still the likelier one, but less so than after rude ones.
        using BigramModel model = Model(0.9, 0.7);

        SuiteResult result = Replies.Run(model, Tokenizer, Items());

        Assert.Equal((0.5, 1.0), (result.Metrics["replies/accuracy"], result.Metrics["replies/auroc"]));
    }

    [Fact]
    public void Run_LongContexts_LoseTheirBeginning()
    {
        using BigramModel model = Model(0.9, 0.1, longest: 4);
        Document[] items = [Item("x", true, "kind kind kind rude", "stop please", "thanks"), Item("y", false, "kind", "thanks", "stop please")];

        SuiteResult result = Replies.Run(model, Tokenizer, items);

        Assert.Equal(1, result.Metrics["replies/accuracy"]);
        Assert.Contains("1 of 2 contexts are too long and lost their beginning.", Assert.Single(result.Notes));
    }

    [Fact]
    public void Run_ItemsThatCannotBeAsked_AreLeftOutAndCounted()
    {
        using BigramModel model = Model(0.9, 0.1);
        Document[] items =
        [
            .. Items(),
            new Document { Id = "no-replies", Text = "rude", HighRisk = true },
            Item("equal", true, "rude", "stop", "stop"),
            Item("begins", true, "rude", "stop", "stop please"),
        ];

        SuiteResult result = Replies.Run(model, Tokenizer, items);

        Assert.Equal(4, result.Items.Length);
        Assert.Equal(
            [
                "1 of 7 reply items lack one of their replies and were left out.",
                "2 of 6 reply items were left out: their replies are equal, one begins with the other, or they leave no room for context.",
            ],
            result.Notes.AsEnumerable());
        Assert.Throws<EvaluationException>(() => Replies.Run(model, Tokenizer, []));
    }

    [Fact]
    public void Run_ContextsOfOneKind_HaveNoAuroc()
    {
        using BigramModel model = Model(0.9, 0.1);

        SuiteResult result = Replies.Run(model, Tokenizer, [Item("x", null, "rude", "stop please", "thanks")]);

        Assert.Equal(["replies/accuracy"], result.Metrics.Keys);
    }

    // "stop please" is likelier than "thanks" if half of p(stop) is above 1 - p(stop).
    private static BigramModel Model(double stopAfterRude, double stopAfterKind, int longest = 16) => new BigramModel(Tokenizer, longest)
        .After("rude", ("stop", stopAfterRude), ("thanks", 1 - stopAfterRude))
        .After("kind", ("stop", stopAfterKind), ("thanks", 1 - stopAfterKind))
        .After("stop", ("please", 0.5), ("", 0.5));

    private static Document[] Items() =>
    [
        Item("r0", true, "rude", "stop please", "thanks"),
        Item("k0", false, "kind", "thanks", "stop please"),
        Item("r1", true, "kind rude", "stop please", "thanks"),
        Item("k1", false, "rude kind", "thanks", "stop please"),
    ];

    private static Document Item(string id, bool? highRisk, string context, string fitting, string unfitting) =>
        new() { Id = id, Text = context, HighRisk = highRisk, FittingReply = fitting, UnfittingReply = unfitting };
}
