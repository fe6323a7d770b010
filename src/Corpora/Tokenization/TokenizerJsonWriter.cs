using System.Text.Encodings.Web;
using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>Writes tokenizer.json as Hugging Face's tokenizers library does.</summary>
internal static class TokenizerJsonWriter
{
    internal const string EndOfText = "<|endoftext|>";
    internal const string Padding = "<|padding|>";

    /// <summary>Names of the special tokens; their ids are their places.</summary>
    internal static readonly string[] SpecialTokens = [EndOfText, Padding];

    /// <param name="tokens">The bytes of every token by id; those of the special tokens are not looked at.</param>
    /// <param name="merges">The merge rules.</param>
    internal static byte[] Write(IReadOnlyList<byte[]> tokens, IReadOnlyList<Merge> merges)
    {
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteAddedTokens(json);
            json.WriteNull("normalizer");
            WriteByteLevel(json, "pre_tokenizer");
            json.WriteNull("post_processor");
            WriteByteLevel(json, "decoder");
            WriteModel(json, tokens, merges);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < SpecialTokens.Length; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", SpecialTokens[id]);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, IReadOnlyList<byte[]> tokens, IReadOnlyList<Merge> merges)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        for (var id = 0; id < tokens.Count; id++)
        {
            json.WriteNumber(id < SpecialTokens.Length ? SpecialTokens[id] : ByteAlphabet.Write(tokens[id]), id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var merge in merges)
        {
            // The older of the two forms ("a b", not ["a", "b"]): every version reads it, and no token has a space in this alphabet.
            json.WriteStringValue($"{ByteAlphabet.Write(tokens[merge.Left])} {ByteAlphabet.Write(tokens[merge.Right])}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
