using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>
/// Reads tokenizer.json: byte-level BPE as GPT-2, GPT-NeoX, Pythia and OLMo have it. What changes the tokens of a text and is not known here is
/// refused; post-processors are not looked at, because they only add special tokens.
/// </summary>
internal static class TokenizerJsonReader
{
    /// <summary>Ids above this are taken for a damaged file, not for a vocabulary.</summary>
    private const int LargestId = (1 << 24) - 1;

    private static readonly string IdRange = string.Create(CultureInfo.InvariantCulture, $"an id of 0 to {LargestId}");

    internal static TokenizerDescription Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new CorpusFormatException(
                $"The tokenizer file is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}; a tokenizer.json is expected.",
                exception);
        }
    }

    private static TokenizerDescription Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Fault("", root, "an object with 'model', 'pre_tokenizer' and 'added_tokens'");
        }

        ExpectNull(root, "", "truncation");
        ExpectNull(root, "", "padding");
        var composes = root.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind != JsonValueKind.Null;
        if (composes)
        {
            Expect(normalizer, "normalizer", "type", "NFC");
        }

        var preTokenizer = Member(root, "", "pre_tokenizer");
        Expect(preTokenizer, "pre_tokenizer", "type", "ByteLevel");
        Expect(preTokenizer, "pre_tokenizer", "add_prefix_space", false, absent: true);
        Expect(preTokenizer, "pre_tokenizer", "use_regex", true, absent: true);
        Expect(Member(root, "", "decoder"), "decoder", "type", "ByteLevel");

        var model = Member(root, "", "model");
        Expect(model, "model", "type", "BPE");
        ExpectNull(model, "model", "dropout");
        ExpectNull(model, "model", "continuing_subword_prefix", orEmpty: true);
        ExpectNull(model, "model", "end_of_word_suffix", orEmpty: true);
        Expect(model, "model", "ignore_merges", false, absent: false);

        var ids = Vocabulary(Member(model, "model", "vocab"));
        var added = AddedTokens(Member(root, "", "added_tokens"));
        var size = 1 + ids.Values.Concat(added.Select(token => token.Id)).DefaultIfEmpty(-1).Max();
        var tokens = new byte[size][];
        Array.Fill(tokens, []);
        foreach (var (token, id) in ids)
        {
            tokens[id] = ByteAlphabet.Read(token);
        }

        foreach (var token in added)
        {
            tokens[token.Id] = token.Special ? [] : Encoding.UTF8.GetBytes(token.Text);
        }

        var ends = added.Where(token => token.Special && token.Text == TokenizerJsonWriter.EndOfText).ToList();
        return ends.Count != 1
            ? throw new CorpusFormatException(
                $"The tokenizer file's 'added_tokens' hold {ends.Count} special tokens '{TokenizerJsonWriter.EndOfText}'; one is expected.")
            : new TokenizerDescription
            {
                Tokens = tokens,
                Merges = Merges(Member(model, "model", "merges"), ids),
                AddedTokens = [.. added.Where(token => !token.Special).Select(token => (token.Text, token.Id))],
                Composes = composes,
                EndOfText = ends[0].Id,
            };
    }

    private static Dictionary<string, int> Vocabulary(JsonElement vocabulary)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw Fault("model.vocab", vocabulary, "an object of tokens and their ids");
        }

        var ids = new Dictionary<string, int>();
        var seen = new HashSet<int>();
        foreach (var member in vocabulary.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out var id) || id is < 0 or > LargestId)
            {
                throw Fault($"model.vocab.{member.Name}", member.Value, IdRange);
            }

            if (!seen.Add(id) || !ids.TryAdd(member.Name, id))
            {
                throw new CorpusFormatException($"The tokenizer file's 'model.vocab' has token '{member.Name}' or id {id} twice; once is expected.");
            }
        }

        return ids;
    }

    private static List<(string Text, int Id, bool Special)> AddedTokens(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Fault("added_tokens", array, "a list");
        }

        var added = new List<(string, int, bool)>();
        foreach (var (index, token) in array.EnumerateArray().Index())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"added_tokens[{index}]");
            var content = Member(token, path, "content");
            var id = Member(token, path, "id");
            if (content.ValueKind != JsonValueKind.String || content.GetString() is not { Length: > 0 } text)
            {
                throw Fault($"{path}.content", content, "the token's text");
            }

            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var value) || value is < 0 or > LargestId)
            {
                throw Fault($"{path}.id", id, IdRange);
            }

            var special = token.TryGetProperty("special", out var flag) && flag.ValueKind == JsonValueKind.True;
            if (!special)
            {
                // Special tokens are never looked for in text, so how they would be matched is of no matter.
                Expect(token, path, "single_word", false, absent: true);
                Expect(token, path, "lstrip", false, absent: true);
                Expect(token, path, "rstrip", false, absent: true);
                Expect(token, path, "normalized", true, absent: true);
            }

            added.Add((text, value, special));
        }

        return added;
    }

    private static List<Merge> Merges(JsonElement array, Dictionary<string, int> ids)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Fault("model.merges", array, "a list");
        }

        var merges = new List<Merge>(array.GetArrayLength());
        var seen = new HashSet<(int, int)>();
        foreach (var (index, element) in array.EnumerateArray().Index())
        {
            string[] parts = element.ValueKind switch
            {
                JsonValueKind.String => element.GetString()!.Split(' '),
                JsonValueKind.Array when element.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String)
                    => [.. element.EnumerateArray().Select(part => part.GetString()!)],
                _ => [],
            };
            if (parts.Length != 2
                || !ids.TryGetValue(parts[0], out var left) || !ids.TryGetValue(parts[1], out var right)
                || !ids.TryGetValue(parts[0] + parts[1], out var result) || !seen.Add((left, right)))
            {
                throw Fault(
                    string.Create(CultureInfo.InvariantCulture, $"model.merges[{index}]"),
                    element,
                    "a pair of tokens of the vocabulary, not seen before, whose union is in the vocabulary too");
            }

            merges.Add(new Merge(left, right, result));
        }

        return merges;
    }

    private static JsonElement Member(JsonElement parent, string path, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member)
            ? member
            : throw new CorpusFormatException($"The tokenizer file has no '{Path(path, name)}'.");

    private static void Expect(JsonElement parent, string path, string name, string value)
    {
        var member = Member(parent, path, name);
        if (member.ValueKind != JsonValueKind.String || member.GetString() != value)
        {
            throw Fault(Path(path, name), member, $"\"{value}\"");
        }
    }

    /// <param name="parent">The object.</param>
    /// <param name="path">Where the object is.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="value">What it must be.</param>
    /// <param name="absent">What it is taken for where it is absent.</param>
    private static void Expect(JsonElement parent, string path, string name, bool value, bool absent)
    {
        var there = parent.TryGetProperty(name, out var member);
        if (there ? member.ValueKind != (value ? JsonValueKind.True : JsonValueKind.False) : absent != value)
        {
            throw there
                ? Fault(Path(path, name), member, value ? "true" : "false")
                : new CorpusFormatException($"The tokenizer file has no '{Path(path, name)}'; {(value ? "true" : "false")} is expected.");
        }
    }

    private static void ExpectNull(JsonElement parent, string path, string name, bool orEmpty = false)
    {
        if (parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            && !(orEmpty && member.ValueKind == JsonValueKind.String && member.GetString() == ""))
        {
            throw Fault(Path(path, name), member, "none");
        }
    }

    private static string Path(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static CorpusFormatException Fault(string path, JsonElement found, string expected)
    {
        var text = found.GetRawText();
        return new CorpusFormatException(
            $"The tokenizer file's {(path.Length == 0 ? "content" : $"'{path}'")} is {(text.Length > 60 ? $"{text[..60]}…" : text)}; {expected} is expected.");
    }
}
