using Microsoft.Win32.SafeHandles;

namespace SlungOrleans.Storage;

/// <summary>Writes a file whose bytes begin to go to the disk while more of them are still being made, so that there is little left to wait for at the end.</summary>
internal sealed class EarlyFlush(FileStream file) : Stream
{
    /// <summary>Bytes that are worth a flush of their own.</summary>
    private const long Part = 16 << 20;

    private Task _flushing = Task.CompletedTask;
    private long _waiting;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException("The file is written forwards.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        Begin(buffer.Length);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        Begin(buffer.Length);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Returns when all is on the disk.</summary>
    public override void Flush()
    {
        _flushing.GetAwaiter().GetResult();
        file.Flush(flushToDisk: true);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The file is written here, not read.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The file is written forwards.");

    public override void SetLength(long value) => throw new NotSupportedException("The file is written forwards.");

    /// <summary>Waits for what was begun, so that the file can be closed; a failure is the writer's to see in <see cref="Flush"/>, or has been seen.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void Begin(int written)
    {
        _waiting += written;
        if (_waiting >= Part && _flushing.IsCompletedSuccessfully)
        {
            _waiting = 0;
            SafeFileHandle handle = file.SafeFileHandle;
            _flushing = Task.Run(() => RandomAccess.FlushToDisk(handle));
        }
    }
}
