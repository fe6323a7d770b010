using SlungOrleans.Corpora.Tests.Packing;
using SlungOrleans.Corpora.Tests.Tokenization;

namespace SlungOrleans.Corpora.Tests.Arms;

public sealed class ArmMixerTests
{
    private static readonly BytePairTokenizer Tokenizer = BytePairTokenizer.Train(SampleText.Documents(200), 600);
    private static readonly IReadOnlyList<Document> Base = SampleCorpus.Base(400);
    private static readonly IReadOnlyList<Document> Pool = SampleCorpus.Pool(300);
    private static readonly ArmMixerSettings Settings = new() { Sequences = 500, SequenceLength = 32, Seeds = [3, 11, 42] };
    private static readonly ArmMixer Mixer = new(Tokenizer, Base, Pool, Settings);

    public static TheoryData<ArmText, int, double> Arms
    {
        get
        {
            var arms = new TheoryData<ArmText, int, double>();
            foreach (var text in Enum.GetValues<ArmText>())
            {
                arms.Add(text, 3, 0.1);
                arms.Add(text, 42, 0.2);
            }

            return arms;
        }
    }

    [Theory]
    [MemberData(nameof(Arms))]
    public void Mix_AnyArm_IsWhatTheProcedureGivesStepByStep(ArmText text, int seed, double amount) =>
        CheckAgainstProcedure(Mixer.Mix(text, seed, amount), Base);

    [Fact]
    public void Mix_AllArms_HaveTheSameNumberOfSequences()
    {
        var arms = Enum.GetValues<ArmText>().Select(text => Mixer.Mix(text, 11, 0.2)).ToList();
        Assert.All(arms, arm => Assert.Equal((500, 32), (arm.Dataset.Count, arm.Dataset.SequenceLength)));
        Assert.Equal(0, arms[0].PoolSequences);
        Assert.InRange(arms[1].PoolSequences, 60, 99);
        Assert.Equal(100, arms[2].PoolSequences);
        Assert.Equal(arms[1].PoolDocuments, arms[2].PoolDocuments);
        Assert.Empty(arms[0].PoolDocuments);
    }

    [Fact]
    public void Mix_OriginalAgainstBase_SharedBaseSequencesStandAtTheSamePlaces()
    {
        var (original, alone) = (Mixer.Mix(ArmText.Original, 3, 0.2), Mixer.Mix(ArmText.Base, 3, 0.2));
        var pairs = Cut(SequencePackerTests.Flat(original.Dataset)).Zip(Cut(SequencePackerTests.Flat(alone.Dataset)));
        Assert.Equal(400, pairs.Count(pair => pair.First.SequenceEqual(pair.Second)));
    }

    [Fact]
    public void Mix_Seeds_ShareNoDocumentOfThePool()
    {
        var documents = Settings.Seeds.SelectMany(seed => Mixer.Mix(ArmText.Original, seed, 0.3).PoolDocuments).ToList();
        Assert.Equal(documents.Count, documents.Distinct().Count());

        var all = new ArmMixer(Tokenizer, Base, Pool, Settings with { Sequences = 1 });
        Assert.Equal(3, Settings.Seeds.Select(seed => all.Mix(ArmText.Original, seed, 1).PoolDocuments[0]).Distinct().Count());
    }

    [Fact]
    public void Mix_LargerAmount_TakesTheDocumentsOfTheSmallerAmountFirst()
    {
        var small = Mixer.Mix(ArmText.Original, 42, 0.1).PoolDocuments;
        var large = Mixer.Mix(ArmText.Original, 42, 0.3).PoolDocuments;
        Assert.True(large.Count > 2 * small.Count);
        Assert.Equal(small, large.Take(small.Count));
    }

    [Fact]
    public void Mix_Filtered_HoldsNoTextOfASpanAboveTheThreshold()
    {
        var text = Decode(Mixer.Mix(ArmText.Filtered, 3, 0.3));
        Assert.DoesNotContain("zug", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" hm ", text, StringComparison.Ordinal);
        Assert.Contains("zug", Decode(Mixer.Mix(ArmText.Original, 3, 0.3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Mix_Original_LabelsAreThoseOfTheSpans()
    {
        // Whole words only: a sequence's end can cut one.
        var dataset = Mixer.Mix(ArmText.Original, 3, 0.3).Dataset;
        foreach (var sequence in Cut(SequencePackerTests.Flat(dataset)))
        {
            foreach (var label in new[] { 2, 3 })
            {
                var text = Tokenizer.Decode([.. sequence.Select(token => token.Label == label ? token.Token : Tokenizer.EndOfText)]);
                Assert.Matches(label == 2 ? "^(h?m)?( hm)*( h?)?$" : @"^[zug0-9]*( zug\d+)*( z?u?g?\d*)?$", text);
            }
        }

        Assert.True(dataset.Manifest.Labels is { Middle: > 50, HighRisk: > 200, EndOfText: 0 });
    }

    [Fact]
    public void Mix_PoolInAnotherOrder_SameBits() => Assert.Equal(
        Mixer.Mix(ArmText.Original, 3, 0.2).Dataset.Manifest,
        new ArmMixer(Tokenizer, Base, Pool.Reverse(), Settings).Mix(ArmText.Original, 3, 0.2).Dataset.Manifest);

    /// <summary>If this changes, so do all data sets of all studies: then the name of the data set's hash must change too.</summary>
    [Fact]
    public void Mix_KnownInput_HasTheKnownOrder()
    {
        var manifest = Mixer.Mix(ArmText.Original, 11, 0.2).Dataset.Manifest;
        Assert.Equal("e84358904f847ac966d4a73a7ccbc8b2bddf1563f091f64f5c3b2b0386392437", manifest.InputIdsSha256);
        Assert.Equal("06b19cc3505469a330d72fa7f53837671de77dc687d99e6fc038e8ab16091521", manifest.LabelMaskSha256);
    }

    [Fact]
    public void Mix_LittleBaseText_IsRepeatedInNewOrders()
    {
        var mixed = new ArmMixer(Tokenizer, Base.Take(10), Pool, Settings).Mix(ArmText.Base, 3, 0.2);
        CheckAgainstProcedure(mixed, [.. Base.Take(10)]);
        var tokens = Base.Take(10).Sum(document => Original(document).Count());
        Assert.Equal((10, 500), (mixed.BaseDocuments, mixed.Dataset.Count));
        Assert.Equal(500.0 * 32 / tokens, mixed.BaseEpochs);
        Assert.True(mixed.BaseEpochs > 10);
        Assert.InRange(Mixer.Mix(ArmText.Base, 3, 0.2).BaseEpochs, 0.5, 1);
        Assert.InRange(Mixer.Mix(ArmText.Base, 3, 0.2).BaseDocuments, 200, 399);
    }

    [Fact]
    public void Mix_DocumentsThatTheFilterEmpties_AreDroppedAndCounted()
    {
        var pool = Pool.Select((document, index) => index % 2 == 0
            ? document
            : new Document { Id = document.Id, Text = "zug zug", Spans = [new(0, 3, 1), new(4, 7, 1)] });
        var mixed = new ArmMixer(Tokenizer, Base, pool, Settings).Mix(ArmText.Filtered, 3, 0.1);
        Assert.Equal(mixed.PoolDocuments.Count(id => int.Parse(id["pool-".Length..]) % 2 == 1), mixed.EmptiedDocuments);
        Assert.NotEqual(0, mixed.EmptiedDocuments);
        Assert.DoesNotContain("<|endoftext|><|endoftext|>", Decode(mixed), StringComparison.Ordinal);
    }

    [Fact]
    public void Mix_PoolTooSmall_SaysWhatFits()
    {
        var exception = Assert.Throws<ArmMixingException>(() => Mixer.Mix(ArmText.Filtered, 3, 0.9));
        Assert.Matches(
            @"^Seed 3's part of the pool \(100 documents\) fills \d+ sequences of 32 tokens, but amount 0.9 of 500 sequences needs 450; the largest amount that fits every seed is 0\.\d+\.$",
            exception.Message);
        var fits = double.Parse(exception.Message.Split(' ')[^1].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture);
        Assert.All(Settings.Seeds, seed => Mixer.Mix(ArmText.Original, seed, fits));
        Assert.Throws<ArmMixingException>(() => Settings.Seeds.Select(seed => Mixer.Mix(ArmText.Original, seed, Mixer.LargestAmount + 0.002)).ToList());
    }

    [Fact]
    public void Mix_BadRequests_AreRefused()
    {
        Assert.Contains("one of 3, 11, 42", Assert.Throws<ArgumentException>(() => Mixer.Mix(ArmText.Base, 4, 0.1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Mixer.Mix(ArmText.Base, 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mixer.Mix(ArmText.Base, 3, 1.01));
        Assert.Contains(
            "less than half a sequence",
            Assert.Throws<ArmMixingException>(() => Mixer.Mix(ArmText.Base, 3, 0.0009)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no base text",
            Assert.Throws<ArmMixingException>(() => new ArmMixer(Tokenizer, [], Pool, Settings).Mix(ArmText.Original, 3, 0.1)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ArmMixer(Tokenizer, Base, Pool, Settings with { Seeds = [1, 1] }));
        Assert.Contains(
            "'pool-0' occurs twice",
            Assert.Throws<ArmMixingException>(() => new ArmMixer(Tokenizer, Base, [.. Pool, Pool[0]], Settings)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Document 'x': Span 0 goes from 0 to 9",
            Assert.Throws<CorpusFormatException>(
                () => new ArmMixer(Tokenizer, Base, [new Document { Id = "x", Text = "zug", Spans = [new(0, 9, 1)] }], Settings)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Section 2.2: shuffle and pack the base, drop its last k sequences, put the pool's k behind, shuffle again.</summary>
    private static void CheckAgainstProcedure(MixedArm mixed, IReadOnlyList<Document> baseDocuments)
    {
        var needed = (int)Math.Round(mixed.Amount * Settings.Sequences);
        var documents = mixed.PoolDocuments.Select(id => Pool.Single(document => document.Id == id)).ToList();
        var pool = Cut([.. documents.SelectMany(document => mixed.Text == ArmText.Filtered ? Filtered(document) : Original(document))]).Take(needed).ToList();
        var stream = new List<(int, int)>();
        for (var epoch = 0; stream.Count < Settings.Sequences * Settings.SequenceLength; epoch++)
        {
            var order = KeyedPermutation.Of(baseDocuments.Count, mixed.Seed, $"base-documents/{epoch}");
            stream.AddRange(order.SelectMany(index => Original(baseDocuments[index])));
        }

        var sequences = Cut(stream).Take(Settings.Sequences).SkipLast(pool.Count).Concat(pool).ToList();
        var expected = KeyedPermutation.Of(Settings.Sequences, mixed.Seed, "arm-sequences").SelectMany(index => sequences[index]);
        Assert.Equal(expected, SequencePackerTests.Flat(mixed.Dataset));
        Assert.Equal(mixed.Text == ArmText.Original ? needed : pool.Count, mixed.PoolSequences);
    }

    private static IEnumerable<(int Token, int Label)> Original(Document document) => Encode(document.Text, document.Spans);

    private static IEnumerable<(int Token, int Label)> Filtered(Document document)
    {
        var filtered = SpanFilter.Remove(document.Text, document.Spans, 1e-4);
        return Encode(filtered.Text, filtered.Spans);
    }

    private static IEnumerable<(int Token, int Label)> Encode(string text, IReadOnlyList<ScoredSpan> spans)
    {
        var (tokens, labels) = (new List<int>(), new List<byte>());
        LabelledEncoder.Encode(Tokenizer, text, spans, RiskThresholds.Default, tokens, labels);
        return [.. tokens.Zip(labels, (token, label) => (token, (int)label)), (Tokenizer.EndOfText, 1)];
    }

    private static List<(int Token, int Label)[]> Cut(List<(int Token, int Label)> tokens) =>
        [.. tokens.Chunk(Settings.SequenceLength).Where(sequence => sequence.Length == Settings.SequenceLength)];

    private static string Decode(MixedArm mixed) => string.Join("<|cut|>", Cut(SequencePackerTests.Flat(mixed.Dataset)).Select(
        sequence => string.Concat(sequence.Select(token => token.Token == 0 ? "<|endoftext|>" : Tokenizer.Decode([token.Token])))));
}
