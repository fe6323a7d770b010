namespace SlungOrleans.Corpora;

/// <summary>
/// Bytes in memory, more than one array can hold: segments one after the other, of which the first grows until it is full. What was appended is
/// never changed. Safe to read from several threads while nothing is appended.
/// </summary>
/// <param name="segmentLength">Bytes of a segment, 1 or more.</param>
internal sealed class SegmentedBytes(int segmentLength = SegmentedBytes.OrdinarySegment)
{
    private const int OrdinarySegment = 1 << 28;
    private const int SmallestSegment = 1 << 10;

    private readonly List<byte[]> _segments = [];

    /// <summary>Bytes so far.</summary>
    internal long Length { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var room = Room(bytes.Length);
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Length += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds what a stream has, up to so many bytes. Returns how many there were.</summary>
    internal async Task<long> AppendAsync(Stream stream, long atMost, CancellationToken cancellation)
    {
        long added = 0;
        var buffer = new byte[1 << 16];
        while (added < atMost)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, atMost - added)), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            Append(buffer.AsSpan(0, read));
            added += read;
        }

        return added;
    }

    /// <summary>Copies bytes from an offset on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    internal void CopyTo(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length);
        while (destination.Length > 0)
        {
            var (segment, start) = Math.DivRem(offset, segmentLength);
            var count = (int)Math.Min(destination.Length, segmentLength - start);
            _segments[(int)segment].AsSpan((int)start, count).CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>Where the next bytes go: as many as there is room for without a further segment, at least one.</summary>
    private Span<byte> Room(int wanted)
    {
        var (segment, start) = Math.DivRem(Length, segmentLength);
        var needed = (int)Math.Min(segmentLength, start + wanted);
        if (segment == _segments.Count)
        {
            _segments.Add(new byte[segment == 0 ? Math.Min(segmentLength, Math.Max(needed, SmallestSegment)) : segmentLength]);
        }

        var bytes = _segments[(int)segment];
        if (bytes.Length < needed)
        {
            Array.Resize(ref bytes, (int)Math.Min(segmentLength, Math.Max(needed, 2L * bytes.Length)));
            _segments[(int)segment] = bytes;
        }

        return bytes.AsSpan((int)start);
    }
}
