namespace System.IO.Hashing;

/// <summary>
/// The base class that Azure.Storage.Blobs derives its CRC-64 from. Only what a derived class overrides or calls is here: nothing in this
/// project asks for that checksum.
/// </summary>
public abstract class NonCryptographicHashAlgorithm
{
    /// <summary>Sets the hash's length.</summary>
    /// <param name="hashLengthInBytes">Bytes; at least 1.</param>
    protected NonCryptographicHashAlgorithm(int hashLengthInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashLengthInBytes, 1);
        HashLengthInBytes = hashLengthInBytes;
    }

    /// <summary>Bytes of a hash.</summary>
    public int HashLengthInBytes { get; }

    /// <summary>Hashes more.</summary>
    /// <param name="source">What to hash.</param>
    public abstract void Append(ReadOnlySpan<byte> source);

    /// <summary>Forgets what has been hashed.</summary>
    public abstract void Reset();

    /// <summary>Writes the hash so far.</summary>
    /// <param name="destination">Receives it; <see cref="HashLengthInBytes"/> long.</param>
    protected abstract void GetCurrentHashCore(Span<byte> destination);

    /// <summary>The hash so far.</summary>
    public byte[] GetCurrentHash()
    {
        byte[] hash = new byte[HashLengthInBytes];
        GetCurrentHashCore(hash);
        return hash;
    }
}
