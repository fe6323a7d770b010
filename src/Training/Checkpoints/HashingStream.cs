using System.Security.Cryptography;

namespace SlungOrleans.Training;

/// <summary>Passes on what it reads, forwards, and hashes it until it is told to end.</summary>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException("What is hashed is read forwards.");
    }

    /// <summary>SHA-256 of what has been read.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>SHA-256 of what has been read; what is read from now on is passed on only.</summary>
    public byte[] EndHash()
    {
        _ended = true;
        return _hash.GetCurrentHash();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        if (!_ended)
        {
            _hash.AppendData(buffer[..count]);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("What is hashed is read forwards.");

    public override void SetLength(long value) => throw new NotSupportedException("What is hashed is read, not written.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("What is hashed is read, not written.");

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
