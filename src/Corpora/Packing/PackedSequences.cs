namespace SlungOrleans.Corpora;

/// <summary>Sequences in the bytes of their files.</summary>
/// <param name="InputIds">Token ids, sequence after sequence; there may be more behind.</param>
/// <param name="LabelMask">Labels, as many.</param>
/// <param name="Count">How many sequences.</param>
internal sealed record PackedSequences(SegmentedBytes InputIds, SegmentedBytes LabelMask, int Count);

/// <summary>The bytes of one of a data set's files, put together sequence by sequence while they are read.</summary>
/// <param name="sequences">How many sequences.</param>
/// <param name="length">Bytes of each.</param>
/// <param name="copy">Copies the bytes of a sequence.</param>
internal sealed class SequenceStream(int sequences, int length, Action<int, byte[]> copy) : Stream
{
    private readonly byte[] _sequence = new byte[length];
    private int _held = -1;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => (long)sequences * length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position >= Length)
        {
            return 0;
        }

        var (sequence, start) = Math.DivRem(_position, length);
        if (_held != sequence)
        {
            copy((int)sequence, _sequence);
            _held = (int)sequence;
        }

        var count = (int)Math.Min(buffer.Length, length - start);
        _sequence.AsSpan((int)start, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
