using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Storage;

/// <summary>
/// A blob store in a folder: a file per blob, its name the path. A blob is written to a temporary file, synchronised, renamed over its
/// name, and the folder synchronised. Of concurrent conditional writers, threads or processes, exactly one wins. A tag is the time of the
/// last write, in 100 ns, made to rise with every write, and the length. Because names are paths, no blob's name can be the beginning of
/// another's parts: beside <c>a/b</c> there is no <c>a</c>. The folder must be on a file system with <c>flock</c> and atomic rename.
/// </summary>
public sealed class LocalBlobStore : IBlobStore
{
    private const int CopyBuffer = 1 << 20;
    private const int ReadBuffer = 1 << 16;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(60);

    /// <summary>Coarse file systems keep seconds, FAT two of them; a step this large is seen on all.</summary>
    private static readonly TimeSpan CoarsestTimeStamp = TimeSpan.FromSeconds(2);

    private readonly string _root;
    private readonly string _locks;
    private readonly TemporaryFiles _temporaries;
    private readonly TimeProvider _clock;

    /// <summary>Opens the store, making the folder if there is none, and deletes what writers that died have left.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="BlobStoreException">The folder cannot be used; the message says why.</exception>
    public LocalBlobStore(string folder)
        : this(folder, TimeProvider.System)
    {
    }

    internal LocalBlobStore(string folder, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _clock = clock;
        _root = Path.GetFullPath(folder);
        _locks = Path.Combine(_root, "~locks");
        try
        {
            Durability.CreateFolder(_locks);
            _temporaries = new TemporaryFiles(_root);
            _temporaries.SweepStale();
        }
        catch (Exception failure) when (IsFailureOfStore(failure))
        {
            throw new BlobStoreException($"The blob store's folder '{_root}' cannot be used: {Reason(failure)}", failure);
        }
    }

    /// <inheritdoc/>
    public Task<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellation = default)
    {
        string path = PathOf(name);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Inspect(name, new FileInfo(path)));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default)
    {
        string path = PathOf(name);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream>(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, ReadBuffer));
        }
        catch (Exception failure) when (IsFailureOfStore(failure))
        {
            throw File.Exists(path)
                ? new BlobStoreException($"Blob '{name}' cannot be read: {Reason(failure)}", failure)
                : new BlobNotFoundException(name);
        }
    }

    /// <inheritdoc/>
    public Task<BlobInfo> WriteAsync(string name, Stream content, WriteCondition condition, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        BlobNames.Ensure(name);
        return WriteAsync(name, () => name, content, condition, cancellation);
    }

    /// <inheritdoc/>
    public async Task<BlobInfo> WriteAsync(INamedContent content, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using Stream stream = content.OpenRead();
        return await WriteAsync(null, () => content.Name, stream, WriteCondition.None, cancellation).ConfigureAwait(false);
    }

    /// <summary>The name is asked for when the content is in the temporary file.</summary>
    private async Task<BlobInfo> WriteAsync(string? name, Func<string> named, Stream content, WriteCondition condition, CancellationToken cancellation)
    {
        string temporary = _temporaries.NewPath();
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            await using (var flushed = new EarlyFlush(file))
            {
                await content.CopyToAsync(flushed, CopyBuffer, cancellation).ConfigureAwait(false);
                name = named();
                flushed.Flush();
            }

            string path = PathOf(name);
            using FileStream held = await FileLock.TakeAsync(LockPath(name), LockPatience, cancellation).ConfigureAwait(false);
            return Replace(name, path, temporary, condition);
        }
        catch (Exception failure) when (IsFailureOfStore(failure))
        {
            string what = name is null ? "A blob" : $"Blob '{name}'";
            throw new BlobStoreException($"{what} was not written: {Reason(failure)}", failure) { IsFull = DiskSpace.IsExhausted(failure) };
        }
        finally
        {
            DeleteTemporary(temporary);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        string path = PathOf(name);
        try
        {
            using FileStream held = await FileLock.TakeAsync(LockPath(name), LockPatience, cancellation).ConfigureAwait(false);
            if (!File.Exists(path))
            {
                return false;
            }

            File.Delete(path);
            Durability.SynchroniseFolder(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception failure) when (IsFailureOfStore(failure))
        {
            throw new BlobStoreException($"Blob '{name}' was not deleted: {Reason(failure)}", failure);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellation = default)
    {
        BlobNames.EnsurePrefix(prefix);
        string folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        return Walk(new DirectoryInfo(Path.Combine(_root, folder)), folder, cancellation)
            .Where(blob => blob.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToAsyncEnumerable();
    }

    /// <summary>Files and folders in ordinal order of the names below them: a folder sorts as its name and '/'.</summary>
    private static IEnumerable<BlobInfo> Walk(DirectoryInfo folder, string names, CancellationToken cancellation)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = [.. folder.EnumerateFileSystemInfos().Where(entry => BlobNames.IsPart(entry.Name))];
        }
        catch (DirectoryNotFoundException)
        {
            yield break;
        }
        catch (Exception failure) when (IsFailureOfStore(failure))
        {
            throw new BlobStoreException($"Blobs under '{names}' cannot be listed: {Reason(failure)}", failure);
        }

        Array.Sort(entries, (one, other) => string.CompareOrdinal(Key(one), Key(other)));
        foreach (FileSystemInfo entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry is DirectoryInfo below)
            {
                foreach (BlobInfo blob in Walk(below, $"{names}{entry.Name}/", cancellation))
                {
                    yield return blob;
                }
            }
            else if (Inspect(names + entry.Name, (FileInfo)entry) is { } blob)
            {
                yield return blob;
            }
        }

        static string Key(FileSystemInfo entry) => entry is DirectoryInfo ? entry.Name + "/" : entry.Name;
    }

    private static BlobInfo? Inspect(string name, FileInfo file)
    {
        file.Refresh();
        return file.Exists
            ? new BlobInfo(name, file.Length, string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}"))
            : null;
    }

    private static void DeleteTemporary(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (IsFailureOfStore(failure))
        {
            // The write's own outcome is what the caller has to hear; the file is swept when it is stale.
        }
    }

    private static bool IsFailureOfStore(Exception failure) =>
        failure is TimeoutException or UnauthorizedAccessException or IOException and not BlobStoreException;

    private static string Reason(Exception failure) => DiskSpace.IsExhausted(failure)
        ? "the disk is full."
        : failure.Message;

    private string PathOf(string name)
    {
        BlobNames.Ensure(name);
        return Path.Combine(_root, name);
    }

    /// <summary>A fixed number of lock files serves all names.</summary>
    private string LockPath(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(name), hash);
        return Path.Combine(_locks, (hash[0] & 63).ToString("D2", CultureInfo.InvariantCulture));
    }

    private BlobInfo Replace(string name, string path, string temporary, WriteCondition condition)
    {
        var file = new FileInfo(path);
        BlobInfo? before = Inspect(name, file);
        if ((condition.IfAbsent && before is not null) || (condition.IfTag is { } tag && before?.Tag != tag))
        {
            throw new BlobConditionException(name);
        }

        string folder = Path.GetDirectoryName(path)!;
        Durability.CreateFolder(folder);
        Stamp(temporary, before is null ? DateTime.MinValue : file.LastWriteTimeUtc);
        FaultPoints.Reach("store/before-rename");
        File.Move(temporary, path, overwrite: true);
        FaultPoints.Reach("store/after-rename");
        Durability.SynchroniseFolder(folder);
        return Inspect(name, file) ?? throw new IOException($"the file '{path}' was deleted by another program.");
    }

    /// <summary>Sets the time of the last write to now, or later if that is not seen to be after the write before.</summary>
    private void Stamp(string temporary, DateTime before)
    {
        File.SetLastWriteTimeUtc(temporary, _clock.GetUtcNow().UtcDateTime);
        if (File.GetLastWriteTimeUtc(temporary) <= before)
        {
            File.SetLastWriteTimeUtc(temporary, before + CoarsestTimeStamp);
        }
    }
}
