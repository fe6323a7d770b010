using System.Text;

namespace SlungOrleans.Corpora.Tests.Tokenization;

public sealed class BytePairTokenizerTests
{
    private static readonly BytePairTokenizer Tokenizer = BytePairTokenizer.Train(SampleText.Documents(200), 700);

    [Fact]
    public void Decode_EncodedText_IsTheText()
    {
        var random = new Random(2);
        for (var i = 0; i < 5_000; i++)
        {
            var text = RandomText.Of(random, surrogates: true);
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), Tokenizer.Decode([.. Encode(text)]));
        }
    }

    /// <summary>The ids are those that Hugging Face's tokenizers 0.23.2 gives for the tokenizer.json that is saved here.</summary>
    [Theory]
    [InlineData("kalo mitsebru  né!", new[] { 562, 393, 265, 222, 278, 2 })]
    [InlineData("жори 語文語 It's 42", new[] { 533, 348, 275, 291, 289, 484, 19 })]
    [InlineData("They'll say\n\n  'no'\t…", new[] { 53, 73, 70, 90, 8, 77, 77, 280, 66, 90, 200, 200, 222, 222, 8, 79, 80, 8, 199, 160, 224, 101 })]
    [InlineData("𝒜語🙂 x²", new[] { 174, 253, 242, 252, 275, 174, 255, 249, 226, 222, 89, 128, 112 })]
    public void Encode_KnownText_GivesHuggingFacesIds(string text, int[] ids)
    {
        Assert.Equal("52b3e5aff169a26d8e196fd266da6e9631c962b1652f0dea44cd998dbb8a5b51", Tokenizer.Fingerprint);
        Assert.Equal(ids, Encode(text));
    }

    [Fact]
    public void BytesOf_TokensOfAText_AreTheTextsBytes()
    {
        const string Text = "kalo 語文 \U0001F642 né";

        Assert.Equal(Encoding.UTF8.GetBytes(Text), Encode(Text).SelectMany(token => Tokenizer.BytesOf(token).ToArray()));
        Assert.True(Tokenizer.BytesOf(Tokenizer.EndOfText).IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.BytesOf(Tokenizer.VocabularySize).Length);
    }

    [Fact]
    public void Encode_SpecialTokensInTheText_AreText()
    {
        var ids = Encode("a<|endoftext|>b<|padding|>");
        Assert.DoesNotContain(0, ids);
        Assert.DoesNotContain(1, ids);
        Assert.Equal("a<|endoftext|>b<|padding|>", Tokenizer.Decode([.. ids]));
        Assert.Equal("ab", Tokenizer.Decode([.. Encode("a"), Tokenizer.EndOfText, 1, .. Encode("b")]));
    }

    [Fact]
    public void Encode_Tokens_AreAppended()
    {
        var ids = new List<int> { 7 };
        Tokenizer.Encode("kalo", ids);
        Assert.Equal([7, .. Encode("kalo")], ids);
    }

    [Fact]
    public void Encode_OneLongWord_IsTheSameAsByTheDefinition()
    {
        // All the rules apply within it, and it is too long for the cache.
        var word = string.Concat(SampleText.Documents(12).Select(document => document.Split('.')[0].Replace(" ", "", StringComparison.Ordinal)));
        IEnumerable<byte[]> bytes = [[], [], .. ByteAlphabet.InCharacterOrder.Select(value => new[] { value })];
        var (tokens, merges) = BytePairTrainer.Train(SampleText.Documents(200), bytes, 700, CancellationToken.None);
        var rules = merges.Select(merge => (Convert.ToHexStringLower(tokens[merge.Left]), Convert.ToHexStringLower(tokens[merge.Right])));
        Assert.Equal(ReferenceTokenizer.Encode(word, rules), Encode(word).Select(id => Convert.ToHexStringLower(tokens[id])));
        Assert.Equal(word, Tokenizer.Decode([.. Encode(word)]));
    }

    [Fact]
    public async Task Encode_FromSeveralThreads_SameTokens()
    {
        var texts = SampleText.Documents(300);
        var expected = texts.Select(Encode).ToList();
        var fresh = Reload(Tokenizer);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => texts.Select(text =>
        {
            var ids = new List<int>();
            fresh.Encode(text, ids);
            return ids;
        }).ToList())));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void Decode_BytesThatAreNotUtf8_AreReplaced() =>
        Assert.Equal("\uFFFDa", Tokenizer.Decode([ByteId(0xC3), .. Encode("a")]));

    [Fact]
    public void Decode_UnknownToken_Throws() =>
        Assert.Contains("0 to 699", Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([700])).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Saved_EncodesAndSavesTheSame()
    {
        var loaded = Reload(Tokenizer);
        Assert.Equal((Tokenizer.Fingerprint, Tokenizer.VocabularySize, Tokenizer.EndOfText), (loaded.Fingerprint, loaded.VocabularySize, loaded.EndOfText));
        Assert.Equal(700, loaded.VocabularySize);
        var ids = new List<int>();
        loaded.Encode("kalo brutse语 42", ids);
        Assert.Equal(Encode("kalo brutse语 42"), ids);
    }

    private static int ByteId(byte value) => 2 + ByteAlphabet.InCharacterOrder.ToList().IndexOf(value);

    private static List<int> Encode(string text)
    {
        var ids = new List<int>();
        Tokenizer.Encode(text, ids);
        return ids;
    }

    private static BytePairTokenizer Reload(BytePairTokenizer tokenizer)
    {
        using var stream = new MemoryStream();
        tokenizer.Save(stream);
        stream.Position = 0;
        return BytePairTokenizer.Load(stream);
    }
}
