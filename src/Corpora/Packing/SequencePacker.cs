using System.Buffers.Binary;

namespace SlungOrleans.Corpora;

/// <summary>
/// Packs documents into sequences: one after the other, an end-of-text token behind each, cut every so many tokens. What is left of a
/// document begins the next sequence; the last sequence is dropped if it is not full.
/// </summary>
public sealed class SequencePacker
{
    private readonly PackedForm _form;
    private readonly int _endOfText;
    private readonly byte _endOfTextLabel;
    private readonly SegmentedBytes _inputIds = new();
    private readonly SegmentedBytes _labelMask = new();
    private byte[] _document = [];

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
    /// <exception cref="OverflowException">There are more than 2,147,483,647.</exception>
    public int Sequences => checked((int)(Tokens / _form.SequenceLength));

    /// <summary>Tokens so far, end-of-text tokens among them.</summary>
    public long Tokens => _labelMask.Length;

    /// <summary>Adds a document and an end-of-text token.</summary>
    /// <param name="tokens">The document's ids, below the tokenizer's vocabulary size.</param>
    /// <param name="labels">A label for each.</param>
    /// <exception cref="ArgumentException">There are more labels than ids, or fewer, or an id is not in the vocabulary.</exception>
    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels)
    {
        if (tokens.Length != labels.Length)
        {
            throw new ArgumentException($"There are {tokens.Length} tokens and {labels.Length} labels; as many of each are expected.");
        }

        var width = (int)_form.TokenWidth;
        var bytes = checked((tokens.Length + 1) * width);
        if (_document.Length < bytes)
        {
            _document = new byte[Math.Max(bytes, 2 * _document.Length)];
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            Write(tokens[i], i * width);
        }

        Write(_endOfText, tokens.Length * width);
        _inputIds.Append(_document.AsSpan(0, bytes));
        _labelMask.Append(labels);
        _labelMask.Append([_endOfTextLabel]);
    }

    /// <summary>The full sequences.</summary>
    /// <param name="atMost">How many to take, from the first on.</param>
    public PackedDataset Build(int atMost = int.MaxValue) => new(Take(atMost), _form);

    /// <summary>The full sequences, without anything being counted of them. What is added later does not change them.</summary>
    /// <param name="atMost">How many to take, from the first on.</param>
    internal PackedSequences Take(int atMost) => new(_inputIds, _labelMask, Math.Min(atMost, Sequences));

    private void Write(int token, int offset)
    {
        if ((uint)token >= (uint)_form.VocabularySize)
        {
            throw new ArgumentOutOfRangeException(nameof(token), token, $"A token id is 0 to {_form.VocabularySize - 1}.");
        }

        if (_form.TokenWidth == TokenWidth.UInt16)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_document.AsSpan(offset), (ushort)token);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(_document.AsSpan(offset), token);
        }
    }
}
