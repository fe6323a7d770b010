using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2 and GPT-NeoX: every text can be encoded, and comes back as it was (unpaired surrogates as
/// U+FFFD). Saved in the form of Hugging Face's tokenizer.json. Safe to use from several threads.
/// </summary>
public sealed class BytePairTokenizer : ITokenizer
{
    private readonly byte[] _json;
    private readonly IReadOnlyList<byte[]> _tokens;
    private readonly BytePairMerger _merger;
    private readonly AddedTokenFinder? _addedTokens;
    private readonly bool _composes;
    private readonly PieceCache _cache = new();

    private BytePairTokenizer(byte[] json)
    {
        var description = TokenizerJsonReader.Read(json);
        _json = json;
        _tokens = description.Tokens;
        _merger = new BytePairMerger(IdOfEachByte(_tokens), description.Merges);
        _addedTokens = description.AddedTokens.Count == 0 ? null : new AddedTokenFinder(description.AddedTokens);
        _composes = description.Composes;
        EndOfText = description.EndOfText;
        VocabularySize = _tokens.Count;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(json));
    }

    private BytePairTokenizer(BytePairTokenizer other, int rows)
    {
        _json = other._json;
        _tokens = [.. other._tokens, .. Enumerable.Repeat(Array.Empty<byte>(), rows - other._tokens.Count)];
        _merger = other._merger;
        _addedTokens = other._addedTokens;
        _composes = other._composes;
        _cache = other._cache;
        EndOfText = other.EndOfText;
        VocabularySize = other.VocabularySize;
        Fingerprint = other.Fingerprint;
    }

    /// <summary>Appends the ids of a text without added tokens.</summary>
    internal delegate void TextEncoder(ReadOnlySpan<char> text, List<int> tokens);

    /// <summary>The smallest vocabulary: two special tokens and 256 bytes.</summary>
    public const int SmallestVocabulary = 258;

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int EndOfText { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>
    /// Learns a vocabulary: <c>&lt;|endoftext|&gt;</c> (0), <c>&lt;|padding|&gt;</c> (1), the 256 bytes, then merges by frequency. Equal
    /// texts, in whatever order, give the same tokenizer.
    /// </summary>
    /// <param name="texts">The texts to learn from; read once.</param>
    /// <param name="vocabularySize">
    /// The size of the vocabulary, <see cref="SmallestVocabulary"/> or above. It stays smaller where no pair of neighbours occurs twice any
    /// more: see <see cref="VocabularySize"/>.
    /// </param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below <see cref="SmallestVocabulary"/>.</exception>
    public static BytePairTokenizer Train(IEnumerable<string> texts, int vocabularySize, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, SmallestVocabulary);
        IEnumerable<byte[]> firstTokens =
        [
            .. TokenizerJsonWriter.SpecialTokens.Select(_ => Array.Empty<byte>()),
            .. ByteAlphabet.InCharacterOrder.Select(value => new[] { value }),
        ];
        var (tokens, merges) = BytePairTrainer.Train(texts, firstTokens, vocabularySize, cancellation);
        return new BytePairTokenizer(TokenizerJsonWriter.Write(tokens, merges));
    }

    /// <summary>
    /// Reads a tokenizer.json: one that <see cref="Save"/> wrote, or another byte-level BPE with an end-of-text token
    /// <c>&lt;|endoftext|&gt;</c> (GPT-2, GPT-NeoX, Pythia, OLMo). Those that ask for it bring text to Unicode's form C, so that it comes
    /// back in form C. Post-processors are not looked at: they only add special tokens.
    /// </summary>
    /// <param name="stream">The file.</param>
    /// <exception cref="CorpusFormatException">It is no such file, or asks for something that is not supported.</exception>
    public static BytePairTokenizer Load(Stream stream)
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return new BytePairTokenizer(buffer.ToArray());
    }

    /// <summary>
    /// The same tokenizer for a model whose embedding has more rows than the vocabulary has tokens, as OLMo's: should the model draw one of
    /// the ids beyond the vocabulary, it is decoded to nothing.
    /// </summary>
    /// <param name="rows">Rows of the embedding.</param>
    public BytePairTokenizer PaddedTo(int rows) => rows > _tokens.Count ? new BytePairTokenizer(this, rows) : this;

    /// <summary>Writes the tokenizer.json. What was loaded is written byte for byte.</summary>
    /// <param name="stream">Where to.</param>
    public void Save(Stream stream) => stream.Write(_json);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> tokens) => Encode(text, tokens, EncodeText);

    /// <summary>Encodes what lies between added tokens by other means.</summary>
    internal void Encode(ReadOnlySpan<char> text, List<int> tokens, TextEncoder encodeText)
    {
        if (_composes)
        {
            text = CanonicalComposition.Compose(text);
        }

        while (_addedTokens is not null && _addedTokens.TryFind(text, out var index, out var length, out var id))
        {
            encodeText(text[..index], tokens);
            tokens.Add(id);
            text = text[(index + length)..];
        }

        encodeText(text, tokens);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
        {
            bytes.Write(_tokens[Known(token)]);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The bytes of a token; none for a special one. A character can lie in several tokens.</summary>
    /// <param name="token">The token.</param>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public ReadOnlySpan<byte> BytesOf(int token) => _tokens[Known(token)];

    private void EncodeText(ReadOnlySpan<char> text, List<int> tokens)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = PreTokenizer.EndOf(text, start);
            var piece = text[start..end];
            if (!_cache.TryGet(piece, out var ids))
            {
                ids = EncodePiece(piece);
                _cache.Add(piece, ids);
            }

            tokens.AddRange(ids.AsSpan());
        }
    }

    private int Known(int token) => (uint)token < (uint)_tokens.Count
        ? token
        : throw new ArgumentOutOfRangeException(
            nameof(token), token, $"Token {token} is not in the vocabulary; 0 to {_tokens.Count - 1} is expected.");

    private int[] EncodePiece(ReadOnlySpan<char> piece)
    {
        var size = Encoding.UTF8.GetMaxByteCount(piece.Length);
        var rented = size > 512 ? ArrayPool<byte>.Shared.Rent(size) : null;
        var bytes = rented ?? stackalloc byte[512];
        var ids = _merger.Encode(bytes[..Encoding.UTF8.GetBytes(piece, bytes)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return ids;
    }

    private static int[] IdOfEachByte(IReadOnlyList<byte[]> tokens)
    {
        var ids = new int[256];
        Array.Fill(ids, -1);
        for (var id = tokens.Count - 1; id >= 0; id--)
        {
            if (tokens[id].Length == 1)
            {
                ids[tokens[id][0]] = id;
            }
        }

        for (var value = 0; value < 256; value++)
        {
            var occurs = value is not (0xC0 or 0xC1 or > 0xF4);
            if (occurs && ids[value] < 0)
            {
                throw new CorpusFormatException(
                    $"The tokenizer file's 'model.vocab' has no token of the single byte {value}; one for every byte of UTF-8 is expected.");
            }
        }

        return ids;
    }
}
