using System.Text;
using Microsoft.ML.Tokenizers;

namespace SlungOrleans.Corpora;

/// <summary>
/// Encodes by Microsoft.ML.Tokenizers, to the same ids as <see cref="BytePairTokenizer"/>, whose vocabulary, merges and cuts it is given. In builds
/// with <c>-p:UseMicrosoftTokenizers=true</c>. Safe to use from several threads.
/// </summary>
public sealed class MicrosoftTokenizer : ITokenizer
{
    private readonly BytePairTokenizer _own;
    private readonly BpeTokenizer _tokenizer;

    /// <param name="tokenizer">The tokenizer whose ids are wanted.</param>
    public MicrosoftTokenizer(BytePairTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        using var json = new MemoryStream();
        tokenizer.Save(json);
        var description = TokenizerJsonReader.Read(json.GetBuffer().AsMemory(0, (int)json.Length));
        _own = tokenizer;

        // An added token may be spelled as one of the vocabulary: it is found in the text beforehand, and is no part of the merges.
        var added = description.AddedTokens.Select(token => token.Id).ToHashSet();
        var spellings = description.Tokens.Select(bytes => ByteAlphabet.Write(bytes)).ToArray();
        _tokenizer = BpeTokenizer.Create(new BpeOptions(
            spellings.Index().Where(token => token.Item.Length > 0 && !added.Contains(token.Index)).Select(token => KeyValuePair.Create(token.Item, token.Index)))
        {
            Merges = description.Merges.Select(merge => $"{spellings[merge.Left]} {spellings[merge.Right]}"),
            ByteLevel = true,
            PreTokenizer = new Cuts(),
        });
    }

    /// <inheritdoc/>
    public int VocabularySize => _own.VocabularySize;

    /// <inheritdoc/>
    public int EndOfText => _own.EndOfText;

    /// <inheritdoc/>
    public string Fingerprint => _own.Fingerprint;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> tokens) => _own.Encode(text, tokens, EncodeText);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens) => _own.Decode(tokens);

    private void EncodeText(ReadOnlySpan<char> text, List<int> tokens)
    {
        if (text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            // The package takes unpaired ones for characters; in UTF-8 they are U+FFFD.
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes([.. text]));
        }

        tokens.AddRange(_tokenizer.EncodeToIds(text, considerPreTokenization: true, considerNormalization: false));
    }

    /// <summary>The package's own pattern looks at UTF-16 code units, and takes letters beyond U+FFFF for symbols.</summary>
    private sealed class Cuts : Microsoft.ML.Tokenizers.PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
        {
            var pieces = new List<(int, int)>();
            for (int start = 0, end; start < text.Length; start = end)
            {
                end = Corpora.PreTokenizer.EndOf(text, start);
                pieces.Add((start, end - start));
            }

            return pieces;
        }
    }
}
