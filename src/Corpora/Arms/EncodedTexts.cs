using System.Buffers.Binary;

namespace SlungOrleans.Corpora;

/// <summary>The tokens of many texts, kept as narrow as in a file: base text, all of which is benign, whatever spans it has. Not safe for concurrent use.</summary>
internal sealed class EncodedTexts(ITokenizer tokenizer)
{
    private readonly SegmentedBytes _bytes = new();
    private readonly List<long> _ends = [];
    private readonly List<int> _tokens = [];
    private readonly int _width = (int)PackedForm.For(tokenizer, 1).TokenWidth;
    private byte[] _buffer = [];

    internal int Count => _ends.Count;

    /// <summary>How many tokens all texts take when packed: their own, and an end-of-text token for each that has any.</summary>
    internal long PackedTokens { get; private set; }

    internal void Add(string text)
    {
        _tokens.Clear();
        tokenizer.Encode(text, _tokens);
        Reserve(_tokens.Count);
        for (var i = 0; i < _tokens.Count; i++)
        {
            if (_width == 2)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(2 * i), (ushort)_tokens[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(4 * i), _tokens[i]);
            }
        }

        _bytes.Append(_buffer.AsSpan(0, _tokens.Count * _width));
        _ends.Add(_bytes.Length);
        PackedTokens += _tokens.Count == 0 ? 0 : _tokens.Count + 1;
    }

    /// <summary>A text's tokens.</summary>
    internal int[] Read(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        var tokens = new int[(int)((_ends[index] - start) / _width)];
        Reserve(tokens.Length);
        _bytes.CopyTo(start, _buffer.AsSpan(0, tokens.Length * _width));
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = _width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(2 * i)) : BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(4 * i));
        }

        return tokens;
    }

    private void Reserve(int tokens)
    {
        var bytes = checked(tokens * _width);
        if (_buffer.Length < bytes)
        {
            _buffer = new byte[Math.Max(bytes, 2 * _buffer.Length)];
        }
    }
}
