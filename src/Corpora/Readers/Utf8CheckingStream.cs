using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SlungOrleans.Corpora;

/// <summary>
/// Passes bytes on and throws at the first that is not UTF-8: a decoder alone would put U+FFFD there, and nobody would know.
/// </summary>
internal sealed class Utf8CheckingStream(Stream source, string name) : Stream
{
    private readonly byte[] _pending = new byte[4];
    private int _pendingLength;
    private long _checked;
    private long _lines = 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        if (read > 0)
        {
            Check(buffer[..read]);
        }
        else if (buffer.Length > 0 && _pendingLength > 0)
        {
            throw Invalid(_pending[0]);
        }

        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> bytes)
    {
        // A character cut by the end of the last block is completed byte by byte.
        while (_pendingLength > 0 && bytes.Length > 0)
        {
            _pending[_pendingLength++] = bytes[0];
            bytes = bytes[1..];
            CheckAll(_pending.AsSpan(0, _pendingLength));
        }

        if (bytes.Length > 0)
        {
            CheckAll(bytes);
        }
    }

    private void CheckAll(ReadOnlySpan<byte> bytes)
    {
        var whole = bytes.Length - IncompleteEnd(bytes);
        if (!Utf8.IsValid(bytes[..whole]))
        {
            throw InvalidIn(bytes);
        }

        _checked += whole;
        _lines += bytes[..whole].Count((byte)'\n');
        bytes[whole..].CopyTo(_pending);
        _pendingLength = bytes.Length - whole;
    }

    /// <summary>How many bytes at the end are the beginning of a character whose rest may still come.</summary>
    private static int IncompleteEnd(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out var consumed) == OperationStatus.NeedMoreData && consumed == length)
            {
                return length;
            }
        }

        return 0;
    }

    private CorpusFormatException InvalidIn(ReadOnlySpan<byte> bytes)
    {
        while (Rune.DecodeFromUtf8(bytes, out _, out var consumed) == OperationStatus.Done)
        {
            _lines += bytes[0] == '\n' ? 1 : 0;
            _checked += consumed;
            bytes = bytes[consumed..];
        }

        return Invalid(bytes[0]);
    }

    private CorpusFormatException Invalid(byte found)
    {
        var hint = _checked == 0 && found is 0xFE or 0xFF ? " (it looks like UTF-16: save it as UTF-8)" : "";
        return new CorpusFormatException(
            $"{name}, line {_lines}: byte {_checked} of the text (0x{found:X2}) is not valid UTF-8; expected UTF-8 text{hint}.");
    }
}
