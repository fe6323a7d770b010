namespace SlungOrleans.Corpora.Tests.Tagging;

public sealed class FastTextModelTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("softmax")]
    [InlineData("ova")]
    [InlineData("hs")]
    [InlineData("words")]
    public void Predict_FixtureModel_GivesWhatTheProgramPrinted(string name)
    {
        var model = FastTextModel.Load(FastTextFixture.PathOf(name));

        AssertSame(FastTextFixture.Texts, FastTextFixture.Printed(name), model);
    }

    [FastTextTheory]
    [InlineData("-loss softmax -dim 20 -wordNgrams 2 -bucket 5000")]
    [InlineData("-loss softmax -dim 100 -wordNgrams 2 -minn 3 -maxn 6 -bucket 3000")]
    [InlineData("-loss softmax -dim 5 -minn 0 -maxn 3 -bucket 300 -minCount 3")]
    [InlineData("-loss softmax -dim 7 -wordNgrams 5 -bucket 1")]
    [InlineData("-loss ova -dim 17 -wordNgrams 3 -minn 2 -maxn 4 -bucket 2000")]
    [InlineData("-loss ns -dim 8 -wordNgrams 2 -bucket 100")]
    [InlineData("-loss hs -dim 70 -wordNgrams 2 -minn 3 -maxn 6 -bucket 2000")]
    [InlineData("-loss hs -dim 16")]
    public void Predict_ModelOfTheProgram_GivesWhatTheProgramPrints(string arguments)
    {
        var folder = Directory.CreateTempSubdirectory("fasttext-").FullName;
        try
        {
            var lines = Lines().ToList();
            var path = FastTextProgram.Train(folder, lines.Select((line, i) => $"__label__{LabelOf(i)} {line}"), arguments + " -epoch 3 -lr 0.5");
            var texts = FastTextFixture.Texts.Concat(lines.Take(600)).Concat(lines.Take(600).Select(Alter)).ToArray();

            AssertSame(texts, FastTextProgram.Predict(folder, path, texts), FastTextModel.Load(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Predict_EndOfLineWithinText_LeavesOutWhatFollows()
    {
        var model = FastTextModel.Load(FastTextFixture.PathOf("softmax"));

        Assert.Equal(model.Predict("kabe tir"), model.Predict("kabe tir </s> lumo lumo"));
        Assert.Equal(model.Predict("kabe tir lumo"), model.Predict("kabe\ntir\nlumo"));
        Assert.NotEqual(model.Predict("kabe tir"), model.Predict("kabe tir lumo lumo"));
    }

    [Fact]
    public void Predict_Labels_AreInOrderOfProbability()
    {
        var model = FastTextModel.Load(FastTextFixture.PathOf("hs"));

        var predictions = model.Predict("lumo o sáde");

        Assert.Equal(["__label__plem", "__label__zorv", "__label__wosk", "__label__vint"], predictions.Select(p => p.Label));
        Assert.Equal(6, model.Labels.Count);
    }

    [Fact]
    public void Predict_ManyThreads_GiveTheSame()
    {
        var model = FastTextModel.Load(FastTextFixture.PathOf("ova"));
        var alone = Array.ConvertAll(FastTextFixture.Texts, text => model.Predict(text));
        var together = new IReadOnlyList<(string, double)>[alone.Length];

        Parallel.For(0, alone.Length, i => together[i] = model.Predict(FastTextFixture.Texts[i]));

        Assert.Equal(alone, together);
    }

    [Fact]
    public void Fingerprint_OfModels_IsThatOfTheirFiles()
    {
        Assert.All(FastTextFixture.Models, name => Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(FastTextFixture.PathOf(name)))),
            FastTextModel.Load(FastTextFixture.PathOf(name)).Fingerprint));
    }

    [Fact]
    public void Tag_Sentences_GetTheLabelsProbability()
    {
        var model = FastTextModel.Load(FastTextFixture.PathOf("words"));
        var tagger = new FastTextTagger(model, "zorv");

        var spans = tagger.Tag(new Document { Id = "1", Text = "kabe mirra. lumo o sáde!\nmirra mirra grint" });

        Assert.Equal([(0, 11), (12, 24), (25, 42)], spans.Select(span => (span.Start, span.End)));
        Assert.Equal(model.Predict("lumo o sáde!").Single(p => p.Label == "__label__zorv").Probability, spans[1].Score);
        Assert.True(spans[2].Score > 0.9 && spans[1].Score < 0.1);
        Assert.All(spans, span => Assert.InRange(span.Score, 0, 1));
        Assert.Equal(tagger.Fingerprint, new FastTextTagger(model, "__label__zorv").Fingerprint);
        Assert.NotEqual(tagger.Fingerprint, new FastTextTagger(model, "plem").Fingerprint);
    }

    [Fact]
    public void Tagger_UnknownLabel_SaysWhichThereAre()
    {
        var model = FastTextModel.Load(FastTextFixture.PathOf("words"));

        var message = Assert.Throws<CorpusFormatException>(() => new FastTextTagger(model, "zorw")).Message;

        Assert.Equal("fastText model: it has no label 'zorw'; expected one of __label__plem, __label__zorv.", message);
    }

    private static void AssertSame(string[] texts, string[] printed, FastTextModel model)
    {
        Assert.Equal(texts.Length, printed.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            var theirs = FastTextProgram.Parse(printed[i]);
            var ours = model.Predict(texts[i]).ToDictionary(p => p.Label, p => p.Probability);

            Assert.Equal(theirs.Keys.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
            Assert.All(theirs, p => Assert.Equal(p.Value, ours[p.Key], Tolerance));
        }
    }

    private static IEnumerable<string> Lines() =>
        new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.HighRisk, Documents = 300 }).SelectMany(page => page.Text.Split('\n'));

    /// <summary>Labels of uneven frequency, so that trees of them have long and short branches.</summary>
    private static int LabelOf(int line) => int.TrailingZeroCount((line * 2654435 >> 7) | 1 << 6);

    /// <summary>The line with some words that no model knows.</summary>
    private static string Alter(string line) => string.Join(' ', line.Split(' ').Select((word, i) => i % 3 == 1 ? word[..1] + "ж🙂" + word[1..] : word));
}
