namespace SlungOrleans.Evaluation.Tests;

public sealed class TellingVerdictsTests
{
    private static readonly string[] Arms = ["unsure", "low-risk", "seen", "seen-more"];
    private static readonly int[] Seeds = [1, 2, 3];

    // Effects by hand, mean over standard deviation: 0, 0.12 / 0.02 = 6 and -0.31 / 0.01 = -31.
    private static readonly Dictionary<string, double[]> Differences = new()
    {
        ["unsure"] = [-0.01, 0, 0.01],
        ["low-risk"] = [0, 0, 0],
        ["seen"] = [0.10, 0.12, 0.14],
        ["seen-more"] = [-0.30, -0.31, -0.32],
    };

    [Fact]
    public void Sentences_SeenAndNotSeen_LargestSeenEffectFirstBaselineLast()
    {
        var sentences = Compare([0.1]).SentencesMostTellingFirst();

        Assert.Equal(["seen-more against low-risk", "seen against low-risk", "unsure against low-risk", "no verdict"], sentences.Select(sentence => sentence.Split(':')[0]));
    }

    [Fact]
    public void Sentences_EffectsThatTheCorrectionTakesAway_StayInTheStudysOrder()
    {
        // d_z of 'unsure' is 2.7 and of 'seen' 3.2, with P 0.044 and 0.031: twice the smaller is above 0.05.
        var comparison = Compare([0.1], arm => arm switch { "unsure" => [0.10, 0.16, 0.22], "seen" => [0.11, 0.16, 0.21], _ => Differences[arm] });
        Assert.All(comparison.Differences.Where(one => one.Arm != "seen-more"), one => Assert.True(one is { P: < 0.05, AdjustedP: > 0.05 }));

        var sentences = comparison.SentencesMostTellingFirst();

        Assert.Equal(["seen-more against low-risk", "unsure against low-risk", "seen against low-risk", "no verdict"], sentences.Select(sentence => sentence.Split(':')[0]));
    }

    [Fact]
    public void Sentences_SeveralAmounts_BeginWithTheirAmount()
    {
        var sentences = Compare([0.05, 0.1]).SentencesMostTellingFirst();

        Assert.StartsWith("At 5 %: seen-more against low-risk: recognises worse", sentences[0], StringComparison.Ordinal);
        Assert.StartsWith("At 10 %: seen-more against low-risk: recognises worse", sentences[1], StringComparison.Ordinal);
        Assert.Equal("no verdict: low-risk is the reference, and there is no other one to compare it with.", sentences[^1]);
        Assert.Equal(7, sentences.Length);
    }

    [Fact]
    public void Sentences_IncompleteStudy_AreTheOneReason()
    {
        var sentences = Studies.Typical(Seeds, [0.05, 0.1], run => run.Arm != "full").SentencesMostTellingFirst();

        Assert.StartsWith("no verdict: 6 of 24 runs have no scores", Assert.Single(sentences), StringComparison.Ordinal);
    }

    private static Comparison Compare(double[] amounts, Func<string, double[]>? differences = null)
    {
        var runs = Studies.Runs(Arms, Seeds, amounts, (arm, seed, _) => [("recognition/auroc", 0.5 + (differences ?? (one => Differences[one]))(arm)[seed - 1])]);
        return ComparisonBuilder.Build("s", Arms, Seeds, amounts, Studies.Ids(runs), runs);
    }
}
