namespace SlungOrleans.Storage;

/// <summary>
/// A store of immutable-or-replaced blobs by name. Names are parts of <c>[A-Za-z0-9._-]</c> joined by '/', no part being '.' or '..'.
/// A blob is there whole or not at all; a write is durable once it has returned.
/// </summary>
public interface IBlobStore
{
    /// <summary>Length and tag of a blob; null if there is none.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Cancels the call.</param>
    Task<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellation = default);

    /// <summary>Opens a blob for reading; the stream can seek.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="BlobNotFoundException">There is none.</exception>
    Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default);

    /// <summary>Writes a blob whole.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="content">What to write, from its position to its end.</param>
    /// <param name="condition">When to write.</param>
    /// <param name="cancellation">Cancels the call; the blob is then as it was.</param>
    /// <exception cref="BlobConditionException">The condition does not hold; nothing was written.</exception>
    /// <exception cref="BlobStoreException">The store failed (for example: the disk is full); nothing was written.</exception>
    Task<BlobInfo> WriteAsync(string name, Stream content, WriteCondition condition, CancellationToken cancellation = default);

    /// <summary>Writes a blob whole, under the name that its content decides, over one of that name.</summary>
    /// <param name="content">What to write.</param>
    /// <param name="cancellation">Cancels the call; the blob is then as it was.</param>
    /// <exception cref="BlobStoreException">The store failed (for example: the disk is full); nothing was written.</exception>
    Task<BlobInfo> WriteAsync(INamedContent content, CancellationToken cancellation = default);

    /// <summary>Deletes a blob. Returns whether there was one.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Cancels the call.</param>
    Task<bool> DeleteAsync(string name, CancellationToken cancellation = default);

    /// <summary>Blobs whose names start with <paramref name="prefix"/>, in ordinal order of names.</summary>
    /// <param name="prefix">The beginning of the names; empty for all.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellation = default);
}

/// <summary>Content that names itself, for example by its hash.</summary>
public interface INamedContent
{
    /// <summary>The blob's name; known once the stream that was opened last has been read to its end.</summary>
    string Name { get; }

    /// <summary>The content from its beginning: the same each time.</summary>
    Stream OpenRead();
}

/// <summary>A blob's name, length and tag.</summary>
/// <param name="Name">The name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Tag">Changes whenever the blob is written.</param>
public sealed record BlobInfo(string Name, long Length, string Tag);

/// <summary>When a blob is written.</summary>
/// <param name="IfTag">Only over the blob with this tag; null for any.</param>
/// <param name="IfAbsent">Only if there is no blob of that name.</param>
public readonly record struct WriteCondition(string? IfTag, bool IfAbsent)
{
    /// <summary>Always.</summary>
    public static WriteCondition None => default;

    /// <summary>Only if there is no blob of that name.</summary>
    public static WriteCondition Absent => new(null, true);

    /// <summary>Only over the blob with this tag.</summary>
    /// <param name="tag">The tag.</param>
    public static WriteCondition Matches(string tag) => new(tag, false);
}

/// <summary>The store failed.</summary>
public class BlobStoreException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>Whether the store has no room left: waiting does not help, making room does.</summary>
    public bool IsFull { get; init; }
}

/// <summary>There is no blob of that name.</summary>
public sealed class BlobNotFoundException(string name) : BlobStoreException($"There is no blob '{name}'.");

/// <summary>A blob was written while it was being read; read again, it is the new one.</summary>
public sealed class BlobChangedException(string message, Exception cause) : BlobStoreException(message, cause);

/// <summary>A conditional write lost.</summary>
public sealed class BlobConditionException(string name) : BlobStoreException($"Blob '{name}' was not written: it has been changed by another writer.");
