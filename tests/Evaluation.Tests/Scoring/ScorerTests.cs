namespace SlungOrleans.Evaluation.Tests;

public sealed class ScorerTests
{
    private static readonly LexiconScorer Lexicon = new("invented", ["Zorp", "grü mel", "ж", "𝒳y"]);

    [Theory]
    [InlineData("you zorp", 1)]
    [InlineData("ZORP!", 1)]
    [InlineData("a-zorp-b", 1)]
    [InlineData("zorps are fine", 0)]
    [InlineData("zor p", 0)]
    [InlineData("GRÜ, mel", 1)]
    [InlineData("grü", 0)]
    [InlineData("mel grü", 0)]
    [InlineData("grü grü mel", 1)]
    [InlineData("Ж", 1)]
    [InlineData("xж", 0)]
    [InlineData("so 𝒳Y it is", 1)]
    [InlineData("...", 0)]
    public void LexiconScorer_Score_MatchesWholeWords(string text, double expected) => Assert.Equal(expected, Lexicon.Score(text));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    public void LexiconScorer_NoText_IsNotScored(string text) => Assert.Null(Lexicon.Score(text));

    [Fact]
    public void LexiconScorer_Find_GivesLongestPhrasesWithoutOverlap()
    {
        const string Text = "Zorp! a GRÜ-mel hat zorp-zap 𝒳 zap";
        var scorer = new LexiconScorer("invented", ["zorp", "zorp zap", "grü mel", "mel hat", "𝒳"]);

        Assert.Equal(["Zorp", "GRÜ-mel", "zorp-zap", "𝒳"], scorer.Find(Text).Select(found => Text[found.Start..found.End]));
        Assert.Empty(scorer.Find("nothing ... here"));
        Assert.Empty(scorer.Find(""));
    }

    [Fact]
    public void LexiconScorer_Fingerprint_DependsOnTheWordsAlone()
    {
        Assert.Equal(Lexicon.Fingerprint, new LexiconScorer("other", ["ж", "ZORP", "𝒳y", "zorp", "grü-mel"]).Fingerprint);
        Assert.NotEqual(Lexicon.Fingerprint, new LexiconScorer("invented", ["zorp"]).Fingerprint);
        Assert.Matches("^[0-9a-f]{64}$", Lexicon.Fingerprint);
    }

    [Fact]
    public void LexiconScorer_BadList_IsRefused()
    {
        Assert.Contains("has no entries", Assert.Throws<EvaluationException>(() => new LexiconScorer("l", [])).Message);
        Assert.Contains("'--'", Assert.Throws<EvaluationException>(() => new LexiconScorer("l", ["a", "--"])).Message);
    }

    [Fact]
    public void ClassifierScorer_Score_IsTheProbability()
    {
        var scorer = new ClassifierScorer("n-grams", "ab12", text => text.Length / 10.0);

        Assert.Equal(("n-grams", "ab12"), (scorer.Name, scorer.Fingerprint));
        Assert.Equal(0.3, scorer.Score("abc"));
        Assert.Null(scorer.Score(" "));
        Assert.Null(new ClassifierScorer("n", "f", _ => double.NaN).Score("abc"));
        Assert.Contains("gave 1.1", Assert.Throws<EvaluationException>(() => scorer.Score("abcdefghijk")).Message);
    }
}
