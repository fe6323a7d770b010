using System.Buffers.Binary;

namespace SlungOrleans.Corpora;

/// <summary>
/// Packs documents into sequences: one after the other, an end-of-text token behind each, cut every so many tokens. What is left of a document
/// begins the next sequence; the last sequence is dropped if it is not full.
/// </summary>
public sealed class SequencePacker
{
    private readonly PackedForm _form;
    private readonly int _endOfText;
    private readonly byte _endOfTextLabel;
    private byte[] _inputIds = [];
    private byte[] _labelMask = [];
    private int _tokens;

    /// <summary>Creates a packer.</summary>
    /// <param name="tokenizer">Whose tokens they are.</param>
    /// <param name="sequenceLength">Tokens in a sequence, 1 or more.</param>
    /// <param name="endOfTextLabel">The label of end-of-text tokens. The authors' code writes <see cref="RiskLabel.Benign"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public SequencePacker(ITokenizer tokenizer, int sequenceLength, RiskLabel endOfTextLabel = RiskLabel.Benign)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        _form = PackedForm.For(tokenizer, sequenceLength);
        _endOfText = tokenizer.EndOfText;
        _endOfTextLabel = (byte)endOfTextLabel;
    }

    /// <summary>Full sequences so far.</summary>
    public int Sequences => _tokens / _form.SequenceLength;

    /// <summary>Tokens so far, end-of-text tokens among them.</summary>
    public int Tokens => _tokens;

    /// <summary>Adds a document and an end-of-text token.</summary>
    /// <param name="tokens">The document's ids, below the tokenizer's vocabulary size.</param>
    /// <param name="labels">A label for each.</param>
    /// <exception cref="ArgumentException">There are more labels than ids, or fewer.</exception>
    /// <exception cref="CorpusFormatException">There are more tokens than can be held in memory.</exception>
    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels)
    {
        if (tokens.Length != labels.Length)
        {
            throw new ArgumentException($"There are {tokens.Length} tokens and {labels.Length} labels; as many of each are expected.");
        }

        Reserve(tokens.Length + 1);
        foreach (var token in tokens)
        {
            Write(token);
        }

        labels.CopyTo(_labelMask.AsSpan(_tokens - tokens.Length));
        _labelMask[_tokens] = _endOfTextLabel;
        Write(_endOfText);
    }

    /// <summary>The full sequences.</summary>
    /// <param name="atMost">How many to take, from the first on.</param>
    public PackedDataset Build(int atMost = int.MaxValue)
    {
        var tokens = Math.Min(atMost, Sequences) * _form.SequenceLength;
        return new PackedDataset(_inputIds[..(tokens * (int)_form.TokenWidth)], _labelMask[..tokens], _form);
    }

    private void Write(int token)
    {
        if (_form.TokenWidth == TokenWidth.UInt16)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_inputIds.AsSpan(2 * _tokens), (ushort)token);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(_inputIds.AsSpan(4 * _tokens), token);
        }

        _tokens++;
    }

    private void Reserve(int more)
    {
        var needed = (long)_tokens + more;
        var largest = Array.MaxLength / (int)_form.TokenWidth;
        if (needed > largest)
        {
            throw new CorpusFormatException($"The documents have more than {largest} tokens; at most as many can be packed in memory.");
        }

        if (needed > _labelMask.Length)
        {
            var size = (int)Math.Min(largest, Math.Max(needed, 2L * _labelMask.Length));
            Array.Resize(ref _labelMask, size);
            Array.Resize(ref _inputIds, size * (int)_form.TokenWidth);
        }
    }
}
