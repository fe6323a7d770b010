namespace SlungOrleans.Corpora.Tests.Tagging;

public sealed class TaggerTests
{
    [Fact]
    public void GoldTagger_Document_GivesItsOwnSpans()
    {
        var document = new Document { Id = "1", Text = "you are a kabe .", Spans = [new(0, 14, 1), new(15, 16, 0)] };

        Assert.Equal(document.Spans, new GoldTagger().Tag(document));
        Assert.Equal(("gold", 64), (new GoldTagger().Name, new GoldTagger().Fingerprint.Length));
    }

    [Theory]
    [InlineData("You are a KABE. Kabes are fine! A kabe-like thing, mykabe", "1 0 1")]
    [InlineData("ΚΑΛΌΣ. καλός! Καλο", "1 1 0")]
    [InlineData("café. CAFÉ! cafe", "1 1 0")]
    [InlineData("red  green? red, Green! redgreen green red", "1 1 0")]
    [InlineData("kabe\u0301 kabe1 _kabe_", "1")]
    [InlineData("_\u0301kabe 😀kabe😀", "1")]
    [InlineData("nothing here", "0")]
    public void WordListTagger_Sentences_ScoresThoseWithAListedWord(string text, string expected)
    {
        var tagger = new WordListTagger(["kabe", "Καλός", "café", "RED green"]);

        var spans = tagger.Tag(new Document { Id = "1", Text = text });

        Assert.Equal(expected, string.Join(' ', spans.Select(s => s.Score)));
        Assert.Equal(SentenceSplitter.Split(text), spans.Select(s => (s.Start, s.End)));
    }

    [Fact]
    public void WordListTagger_SyntheticPages_FindsTheLinesWithGoldSpans()
    {
        var tagger = new WordListTagger(new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.Lexicon }).Select(d => d.Text));
        foreach (var page in new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.HighRisk, Documents = 200 }))
        {
            var gold = page.Spans.Where(s => s.Score == 1).Select(s => page.Text.LastIndexOf('\n', s.Start) + 1);

            Assert.Equal(gold, tagger.Tag(page).Where(s => s.Score == 1).Select(s => s.Start));
        }
    }

    [Fact]
    public void WordListTagger_Fingerprint_DependsOnTheWordsAlone()
    {
        var fingerprint = new WordListTagger(["kabe", "lumo"]).Fingerprint;

        Assert.Equal(fingerprint, new WordListTagger(["Lumo", "KABE", "kabe"]).Fingerprint);
        Assert.NotEqual(fingerprint, new WordListTagger(["kabe"]).Fingerprint);
    }

    [Theory]
    [InlineData("Word list: '!?' has no letter or digit; expected words.", "kabe", "!?")]
    [InlineData("Word list: no words; expected at least one.")]
    public void WordListTagger_BadList_SaysWhy(string expected, params string[] words)
    {
        Assert.Equal(expected, Assert.Throws<CorpusFormatException>(() => new WordListTagger(words)).Message);
    }

    [Fact]
    public void SentenceClassifierTagger_Sentences_GetTheClassifiersProbability()
    {
        var classifier = HashedTextClassifier.Train(ClassifierExamples.Comments(400));
        var tagger = new SentenceClassifierTagger(classifier);
        var document = new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.HighRisk })[0];

        var spans = tagger.Tag(document);

        Assert.Equal(document.Text.Split('\n'), spans.Select(s => document.Text[s.Start..s.End]));
        Assert.All(spans, s => Assert.Equal(classifier.Predict(document.Text[s.Start..s.End]), s.Score));
        Assert.NotEqual(tagger.Fingerprint,
            new SentenceClassifierTagger(HashedTextClassifier.Train(ClassifierExamples.Comments(400), seed: 1)).Fingerprint);
    }
}
