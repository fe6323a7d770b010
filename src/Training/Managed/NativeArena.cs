namespace SlungOrleans.Training.Managed;

/// <summary>Native memory for many buffers that live as long as each other: they share huge pages.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private const long BlockLength = 4 * 1024 * 1024;

    /// <summary>Between buffers, so that equal rows of two of them do not fall on the same lines of the cache.</summary>
    private const long Gap = 5 * 16;

    private readonly List<NativeBuffer> _blocks = [];
    private long _used;

    /// <summary>Floats that were taken; blocks hold a little more.</summary>
    internal long Taken { get; private set; }

    /// <summary>Zeroed floats, aligned to a cache line.</summary>
    internal float* Take(long length)
    {
        if (_blocks.Count == 0 || _used + length > _blocks[^1].Length)
        {
            _blocks.Add(new NativeBuffer(Math.Max(length, BlockLength)));
            _used = 0;
        }

        Taken += length + Gap;
        float* taken = _blocks[^1].Data + _used;
        _used += (long)((ulong)(length + Lanes.Width - 1) & ~(ulong)(Lanes.Width - 1)) + Gap;
        return taken;
    }

    public void Dispose()
    {
        foreach (NativeBuffer block in _blocks)
        {
            block.Dispose();
        }
    }
}
