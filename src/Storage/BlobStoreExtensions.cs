using System.Runtime.InteropServices;
using System.Text;

namespace SlungOrleans.Storage;

/// <summary>Small blobs, read and written whole.</summary>
public static class BlobStoreExtensions
{
    private const int MostReadings = 10;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a blob whole; again, if it is written meanwhile.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="BlobNotFoundException">There is none.</exception>
    public static async Task<byte[]> ReadAllBytesAsync(this IBlobStore store, string name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        for (int reading = 1; ; reading++)
        {
            try
            {
                return await ReadOnceAsync(store, name, cancellation).ConfigureAwait(false);
            }
            catch (BlobChangedException) when (reading < MostReadings)
            {
                // A head is replaced with every checkpoint, and read by whoever wants to know.
            }
        }
    }

    /// <summary>Reads a blob of UTF-8 whole.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="BlobNotFoundException">There is none.</exception>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    public static async Task<string> ReadAllTextAsync(this IBlobStore store, string name, CancellationToken cancellation = default) =>
        StrictUtf8.GetString(await store.ReadAllBytesAsync(name, cancellation).ConfigureAwait(false));

    /// <summary>Reads a blob of UTF-8 whole; null if there is none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    public static async Task<string?> FindTextAsync(this IBlobStore store, string name, CancellationToken cancellation = default)
    {
        try
        {
            return await store.ReadAllTextAsync(name, cancellation).ConfigureAwait(false);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a blob of UTF-8, without byte-order mark.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="text">What to write.</param>
    /// <param name="condition">When to write.</param>
    /// <param name="cancellation">Cancels the call; the blob is then as it was.</param>
    /// <exception cref="BlobConditionException">The condition does not hold; nothing was written.</exception>
    public static Task<BlobInfo> WriteTextAsync(
        this IBlobStore store, string name, string text, WriteCondition condition = default, CancellationToken cancellation = default) =>
        store.WriteBytesAsync(name, StrictUtf8.GetBytes(text), condition, cancellation);

    /// <summary>Writes a blob.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="content">What to write.</param>
    /// <param name="condition">When to write.</param>
    /// <param name="cancellation">Cancels the call; the blob is then as it was.</param>
    /// <exception cref="BlobConditionException">The condition does not hold; nothing was written.</exception>
    public static async Task<BlobInfo> WriteBytesAsync(
        this IBlobStore store, string name, ReadOnlyMemory<byte> content, WriteCondition condition = default, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using MemoryStream stream = MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        return await store.WriteAsync(name, stream, condition, cancellation).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadOnceAsync(IBlobStore store, string name, CancellationToken cancellation)
    {
        await using Stream stream = await store.OpenReadAsync(name, cancellation).ConfigureAwait(false);
        byte[] content = new byte[stream.Length];
        await stream.ReadExactlyAsync(content, cancellation).ConfigureAwait(false);
        return content;
    }
}
