using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SlungOrleans.Corpora.Tests.Tokenization;

public sealed class BytePairTrainingTests
{
    [Theory]
    [InlineData("the theme then them other", 8)]
    [InlineData("aaaa aaa aa aaaaaaa baaab", 12)]
    [InlineData("abab ababab bab cab abc abcabc bc", 20)]
    [InlineData("né né néné 語 語文 文語文 語語", 20)]
    public void Train_KnownText_LearnsWhatTheDefinitionGives(string text, int merges) => CheckAgainstDefinition([text], merges);

    [Fact]
    public void Train_RandomText_LearnsWhatTheDefinitionGives()
    {
        var random = new Random(5);
        for (var i = 0; i < 40; i++)
        {
            var texts = Enumerable.Range(0, 20)
                .Select(_ => string.Concat(Enumerable.Range(0, 30).Select(_ => "abcd é"[random.Next(6)]))).ToList();
            CheckAgainstDefinition(texts, 60);
        }
    }

    [Fact]
    public void Train_TextRunsOutOfPairs_VocabularyStaysSmaller()
    {
        // "ab" occurs twice, nothing else does.
        var tokenizer = BytePairTokenizer.Train(["ab", "ab", "cd"], 300);
        Assert.Equal(259, tokenizer.VocabularySize);
    }

    [Fact]
    public void Train_TextsInAnotherOrder_SameTokenizer()
    {
        var texts = SampleText.Documents(60);
        Assert.Equal(
            BytePairTokenizer.Train(texts, 500).Fingerprint,
            BytePairTokenizer.Train(texts.Reverse(), 500).Fingerprint);
    }

    [Fact]
    public void Train_SizeTooSmall_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BytePairTokenizer.Train([], 257));

    [Fact]
    public void Save_Trained_HasTheMembersThatHuggingFaceReads()
    {
        var tokenizer = BytePairTokenizer.Train(SampleText.Documents(20), 300);
        using var stream = new MemoryStream();
        tokenizer.Save(stream);
        Assert.Equal(tokenizer.Fingerprint, Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())));
        Assert.EndsWith("}\n", Encoding.UTF8.GetString(stream.ToArray()));

        var root = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(
            ["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"],
            root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            """[{"id":0,"content":"<|endoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},{"id":1,"content":"<|padding|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}]""",
            Compact(root.GetProperty("added_tokens")));
        Assert.Equal(
            """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""", Compact(root.GetProperty("pre_tokenizer")));
        var vocabulary = root.GetProperty("model").GetProperty("vocab");
        Assert.Equal(Enumerable.Range(0, 300), vocabulary.EnumerateObject().Select(member => member.Value.GetInt32()));
        Assert.Equal((2, 188 + 2), (vocabulary.GetProperty("!").GetInt32(), vocabulary.GetProperty("Ā").GetInt32()));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, JsonSerializerOptions.Default)
        .Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal);

    private static void CheckAgainstDefinition(IReadOnlyList<string> texts, int merges)
    {
        IEnumerable<byte[]> bytes = [[], [], .. ByteAlphabet.InCharacterOrder.Select(value => new[] { value })];
        var (tokens, learnt) = BytePairTrainer.Train(texts, bytes, 258 + merges, CancellationToken.None);
        var pieces = texts.SelectMany(Pieces).ToList();
        var expected = ReferenceTokenizer.Train(pieces, merges);
        Assert.Equal(expected, learnt.Select(merge => (Convert.ToHexStringLower(tokens[merge.Left]), Convert.ToHexStringLower(tokens[merge.Right]))));

        var tokenizer = BytePairTokenizer.Train(texts, 258 + merges);
        foreach (var piece in pieces)
        {
            var ids = new List<int>();
            tokenizer.Encode(piece, ids);
            Assert.Equal(ReferenceTokenizer.Encode(piece, expected), ids.Select(id => Convert.ToHexStringLower(tokens[id])));
        }
    }

    private static IEnumerable<string> Pieces(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = PreTokenizer.EndOf(text, start);
            yield return text[start..end];
        }
    }
}
