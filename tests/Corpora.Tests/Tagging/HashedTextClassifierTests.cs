using SlungOrleans.Corpora.Tests.Readers;

namespace SlungOrleans.Corpora.Tests.Tagging;

public sealed class HashedTextClassifierTests
{
    [Fact]
    public void Train_SyntheticComments_LearnsTheSlurs()
    {
        var classifier = HashedTextClassifier.Train(ClassifierExamples.Comments(4000));

        var unseen = ClassifierExamples.Comments(1000, seed: 2);
        var auroc = Auroc(unseen.Select(e => (classifier.Predict(e.Text), e.HighRisk)));
        Assert.InRange(auroc, 0.99, 1);
        Assert.InRange(classifier.Quality.Auroc, auroc - 0.02, 1);
        Assert.Equal((3200, 800), (classifier.Quality.TrainingTexts, classifier.Quality.HeldOutTexts));
    }

    [Fact]
    public void Predict_NoisyLabels_IsCalibrated()
    {
        // Three of ten labels are turned over: the best probabilities are then 0.3 and 0.7.
        var random = new RandomStream(5);
        List<(string, bool)> noisy = [.. ClassifierExamples.Comments(6000).Select(e => (e.Text, e.HighRisk ^ random.Chance(0.3)))];

        var classifier = HashedTextClassifier.Train(noisy);

        var unseen = ClassifierExamples.Comments(1000, seed: 2);
        Assert.InRange(unseen.Where(e => e.HighRisk).Average(e => classifier.Predict(e.Text)), 0.57, 0.75);
        Assert.InRange(unseen.Where(e => !e.HighRisk).Average(e => classifier.Predict(e.Text)), 0.25, 0.43);
        Assert.InRange(classifier.Quality.CalibrationError, 0, 0.06);
    }

    [Fact]
    public void Train_UnlearnableLabels_ReportsChance()
    {
        var random = new RandomStream(6);
        List<(string, bool)> meaningless = [.. ClassifierExamples.Comments(4000).Select(e => (e.Text, random.Chance(0.5)))];

        Assert.InRange(HashedTextClassifier.Train(meaningless).Quality.Auroc, 0.45, 0.55);
    }

    [Fact]
    public void Train_SameInput_GivesTheSameBits()
    {
        var examples = ClassifierExamples.Comments(500);
        var settings = new TextClassifierSettings { BucketBits = 12, Epochs = 2 };

        var first = HashedTextClassifier.Train(examples, settings, seed: 3);

        Assert.Equal(first.Fingerprint, HashedTextClassifier.Train(examples, settings, seed: 3).Fingerprint);
        Assert.NotEqual(first.Fingerprint, HashedTextClassifier.Train(examples, settings, seed: 4).Fingerprint);
        Assert.NotEqual(first.Fingerprint, HashedTextClassifier.Train(examples, settings with { Epochs = 3 }, seed: 3).Fingerprint);
    }

    [Fact]
    public void Load_WhatWasSaved_PredictsTheSame()
    {
        var classifier = HashedTextClassifier.Train(ClassifierExamples.Comments(200), new TextClassifierSettings { BucketBits = 10 });
        var loaded = HashedTextClassifier.Load(new MemoryStream(Saved(classifier)));

        Assert.Equal(classifier.Fingerprint, loaded.Fingerprint);
        Assert.Equal(classifier.Quality, loaded.Quality);
        Assert.All(ClassifierExamples.Comments(50, seed: 9), e => Assert.Equal(classifier.Predict(e.Text), loaded.Predict(e.Text)));
    }

    [Fact]
    public void Load_DamagedFile_IsAnError()
    {
        var saved = Saved(HashedTextClassifier.Train(ClassifierExamples.Comments(100), new TextClassifierSettings { BucketBits = 8 }));
        var changed = saved.ToArray();
        changed[^100] ^= 1;

        Assert.Contains("its checksum does not match", Error(changed));
        Assert.Contains("its checksum does not match", Error(saved[..^10]));
        Assert.Contains("its checksum does not match", Error(saved[..40]));
        Assert.Contains("does not begin as one", Error([1, 2, 3]));

        static string Error(byte[] bytes) =>
            Assert.Throws<CorpusFormatException>(() => HashedTextClassifier.Load(new MemoryStream(bytes))).Message;
    }

    [Theory]
    [InlineData("", " \n\t")]
    [InlineData("You ARE a kabe", "you are  a\nKABE ")]
    public void Predict_CaseAndWhiteSpace_DoNotMatter(string first, string second)
    {
        var classifier = HashedTextClassifier.Train(ClassifierExamples.Comments(200));

        Assert.Equal(classifier.Predict(first), classifier.Predict(second));
        Assert.InRange(classifier.Predict(first), 0, 1);
    }

    [Fact]
    public void Predict_ManySentences_AllocatesNothing()
    {
        var classifier = HashedTextClassifier.Train(ClassifierExamples.Comments(200));
        var text = string.Concat(Enumerable.Repeat("you are a kabe . ", 20));
        classifier.Predict(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            classifier.Predict(text);
        }

        // The pool may have let go of its buffer once; a buffer for every call would be 140,000 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void Train_TooFewOfAKind_SaysHowMany()
    {
        List<(string, bool)> examples = [.. Enumerable.Range(0, 50).Select(i => ($"text {i}", i < 9))];

        Assert.Equal("Text classifier: high-risk texts: 9; expected at least 10.",
            Assert.Throws<CorpusFormatException>(() => HashedTextClassifier.Train(examples)).Message);
    }

    [Fact]
    public void Train_BadSetting_SaysWhich()
    {
        var settings = new TextClassifierSettings { LearningRate = double.NaN };

        Assert.Equal("Text classifier: LearningRate: NaN; expected a number above 0.",
            Assert.Throws<CorpusFormatException>(() => HashedTextClassifier.Train(ClassifierExamples.Comments(100), settings)).Message);
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        Assert.Throws<OperationCanceledException>(
            () => HashedTextClassifier.Train(ClassifierExamples.Comments(100), cancellation: new CancellationToken(true)));
    }

    [RealDataFact]
    public void Train_RealTexts_TellsThemApart()
    {
        var tweets = Examples(new DocumentSource
        {
            Path = RealDataFactAttribute.PathOf("davidson/labeled_data.csv"),
            TextField = "tweet",
            LabelField = "class",
            PositiveLabels = ["0", "1"],
            Cleaning = TextCleaning.Tweet,
        });
        var pairs = Examples(new DocumentSource
        {
            Path = RealDataFactAttribute.PathOf("paradetox/paradetox.tsv"),
            Fields = [new("toxic", true), new("neutral1", false), new("neutral2", false), new("neutral3", false)],
        });

        var onTweets = HashedTextClassifier.Train(tweets);
        var onPairs = HashedTextClassifier.Train(pairs);

        Assert.InRange(onTweets.Quality.Auroc, 0.975, 1);
        Assert.InRange(onTweets.Quality.CalibrationError, 0, 0.02);
        Assert.InRange(onPairs.Quality.Auroc, 0.98, 1);
        Assert.InRange(onPairs.Quality.F1, 0.93, 1);
        // Other texts than those it learned from.
        Assert.InRange(Auroc(pairs.Select(e => (onTweets.Predict(e.Text), e.HighRisk))), 0.87, 1);
    }

    private static List<(string Text, bool HighRisk)> Examples(DocumentSource source) =>
        [.. DocumentReader.Read(source).Select(d => (d.Text, d.HighRisk!.Value))];

    /// <summary>All pairs counted, the slow way.</summary>
    private static double Auroc(IEnumerable<(double Score, bool Label)> scored)
    {
        var positives = scored.Where(s => s.Label).Select(s => s.Score).ToArray();
        var negatives = scored.Where(s => !s.Label).Select(s => s.Score).Order().ToArray();
        return positives.Average(p => negatives.Count(n => n < p) + (negatives.Count(n => n == p) / 2.0)) / negatives.Length;
    }

    private static byte[] Saved(HashedTextClassifier classifier)
    {
        var stream = new MemoryStream();
        classifier.Save(stream);
        return stream.ToArray();
    }
}
