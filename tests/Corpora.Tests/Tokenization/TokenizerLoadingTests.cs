using System.Text;
using System.Text.Json.Nodes;

namespace SlungOrleans.Corpora.Tests.Tokenization;

public sealed class TokenizerLoadingTests
{
    private static readonly byte[] Saved = Save(BytePairTokenizer.Train(SampleText.Documents(200), 700));

    public static TheoryData<string, string, string> Unsupported => new()
    {
        { "pre_tokenizer.type", "\"Metaspace\"", "'pre_tokenizer.type' is \"Metaspace\"; \"ByteLevel\" is expected" },
        { "pre_tokenizer.add_prefix_space", "true", "'pre_tokenizer.add_prefix_space' is true; false is expected" },
        { "pre_tokenizer.use_regex", "false", "'pre_tokenizer.use_regex' is false; true is expected" },
        { "normalizer", """{"type":"Lowercase"}""", "'normalizer.type' is \"Lowercase\"; \"NFC\" is expected" },
        { "decoder", "null", "has no 'decoder.type'" },
        { "truncation", """{"max_length":5}""", "'truncation' is" },
        { "model.type", "\"Unigram\"", "'model.type' is \"Unigram\"; \"BPE\" is expected" },
        { "model.dropout", "0.1", "'model.dropout' is 0.1; none is expected" },
        { "model.end_of_word_suffix", "\"</w>\"", "'model.end_of_word_suffix' is" },
        { "model.ignore_merges", "true", "'model.ignore_merges' is true; false is expected" },
        { "model.vocab.!", "-1", "'model.vocab.!' is -1; an id of 0" },
        { "model.vocab.!", "3", "or id 3 twice" },
        { "model.vocab.!", null!, "no token of the single byte 33" },
        { "model.merges", """["! nothing"]""", "'model.merges[0]' is \"! nothing\"" },
        { "model.merges", "7", "'model.merges' is 7; a list is expected" },
        { "added_tokens", "[]", "hold 0 special tokens '<|endoftext|>'; one is expected" },
        { "added_tokens", """[{"id":900,"content":"zug","special":false,"single_word":false,"lstrip":true}]""", "'added_tokens[0].lstrip' is true; false is expected" },
        { "model", null!, "has no 'model'" },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void Load_UnsupportedPart_IsRefusedByName(string path, string? value, string message)
    {
        var root = JsonNode.Parse(Saved)!.AsObject();
        var parent = root;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            parent = parent[name]!.AsObject();
        }

        parent.Remove(names[^1]);
        if (value is not null)
        {
            parent[names[^1]] = JsonNode.Parse(value);
        }

        Assert.Contains(message, Refusal(Encoding.UTF8.GetBytes(root.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CutFile_NamesTheLine() =>
        Assert.Contains("is not JSON at line", Refusal(Saved[..(Saved.Length / 2)]), StringComparison.Ordinal);

    [Fact]
    public void Load_NotAnObject_IsRefused() => Assert.Contains("content is []", Refusal("[]"u8.ToArray()), StringComparison.Ordinal);

    /// <summary>Form and ids as Hugging Face's tokenizers 0.23.2 saved and encoded them.</summary>
    [Theory]
    [InlineData("ka    lo  mi     s", new[] { 260, 702, 276, 700, 268, 702, 280 })]
    [InlineData("ne\u0301 né|||X||||||X|| lo", new[] { 259, 278, 703, 93, 93, 93, 57, 93, 93, 287 })]
    public void Load_GptNeoxForm_EncodesAsHuggingFace(string text, int[] ids)
    {
        var tokenizer = GptNeoxForm();
        var found = new List<int>();
        tokenizer.Encode(text, found);
        Assert.Equal(ids, found);
        Assert.Equal(704, tokenizer.VocabularySize);
        Assert.Equal(text.Replace("e\u0301", "é", StringComparison.Ordinal), tokenizer.Decode([.. found]));
    }

    /// <summary>A tokenizer that composes characters and has added tokens.</summary>
    internal static BytePairTokenizer GptNeoxForm()
    {
        var root = JsonNode.Parse(Saved)!.AsObject();
        var added = root["added_tokens"]!.AsArray();
        foreach (var (index, content) in new[] { "  ", "   ", "    ", "|||X|||" }.Index())
        {
            added.Add(JsonNode.Parse(
                $$"""{"id":{{700 + index}},"content":"{{content}}","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false}"""));
        }

        root["normalizer"] = JsonNode.Parse("""{"type":"NFC"}""");
        root["post_processor"] = root["pre_tokenizer"]!.DeepClone();
        var pairs = root["model"]!["merges"]!.AsArray().Select(merge => (JsonNode)new JsonArray([.. merge!.GetValue<string>().Split(' ')])).ToArray();
        root["model"]!["merges"] = new JsonArray(pairs);

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(root.ToJsonString()));
        return BytePairTokenizer.Load(stream);
    }

    private static string Refusal(byte[] json)
    {
        using var stream = new MemoryStream(json);
        return Assert.Throws<CorpusFormatException>(() => BytePairTokenizer.Load(stream)).Message;
    }

    private static byte[] Save(BytePairTokenizer tokenizer)
    {
        using var stream = new MemoryStream();
        tokenizer.Save(stream);
        return stream.ToArray();
    }
}
