using System.Buffers;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace SlungOrleans.Storage;

/// <summary>
/// A blob store in a container of Azure Blob Storage. Tags are the service's ETags. Failures of the network are tried again three times.
/// If the answer to a conditional write is lost on the way, trying it again finds the blob changed, by itself: who must know reads it back.
/// </summary>
public sealed class AzureBlobStore : IBlobStore
{
    private const int BlockSize = 8 << 20;
    private const int ReadBuffer = 4 << 20;

    private readonly BlobContainerClient _container;
    private readonly AzureFailures _failures;

    /// <summary>Names a container; nothing is asked of the service yet.</summary>
    /// <param name="connectionString">The storage account's connection string.</param>
    /// <param name="container">The container: 3 to 63 characters of a-z, 0-9 and '-'.</param>
    /// <exception cref="BlobStoreException">The connection string is malformed; the message never repeats it, it holds the key.</exception>
    public AzureBlobStore(string connectionString, string container)
        : this(connectionString, container, AzurePatience.Default)
    {
    }

    internal AzureBlobStore(string connectionString, string container, AzurePatience patience)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(container);
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = patience.Retries;
        options.Retry.Delay = patience.FirstDelay;
        options.Retry.NetworkTimeout = patience.NetworkTimeout;
        try
        {
            _container = new BlobContainerClient(connectionString, container, options);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new BlobStoreException(
                "The connection string of Azure Blob Storage is malformed; expected AccountName=…, AccountKey=… (base64) and EndpointSuffix or BlobEndpoint, joined by ';'.",
                failure);
        }

        _failures = new AzureFailures(_container.Uri);
    }

    /// <summary>Makes the container if there is none.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="BlobStoreException">The service refused or is not reached.</exception>
    public async Task CreateContainerIfAbsentAsync(CancellationToken cancellation = default)
    {
        try
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (AzureFailures.Is(failure))
        {
            throw _failures.Translate(failure, "The container was not created");
        }
    }

    /// <inheritdoc/>
    public async Task<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellation = default)
    {
        BlobNames.Ensure(name);
        try
        {
            BlobProperties properties =
                await _container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false);
            return new BlobInfo(name, properties.ContentLength, Tag(properties.ETag));
        }
        catch (Exception failure) when (AzureFailures.IsAbsentBlob(failure))
        {
            return null;
        }
        catch (Exception failure) when (AzureFailures.Is(failure))
        {
            throw _failures.Translate(failure, $"Blob '{name}' was not inspected");
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default)
    {
        BlobNames.Ensure(name);
        try
        {
            Stream stream = await _container.GetBlobClient(name)
                .OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = ReadBuffer }, cancellation)
                .ConfigureAwait(false);
            return new AzureReadStream(stream, name, _failures);
        }
        catch (Exception failure) when (AzureFailures.IsAbsentBlob(failure))
        {
            throw new BlobNotFoundException(name);
        }
        catch (Exception failure) when (AzureFailures.Is(failure))
        {
            throw _failures.Translate(failure, $"Blob '{name}' cannot be read");
        }
    }

    /// <inheritdoc/>
    public async Task<BlobInfo> WriteAsync(string name, Stream content, WriteCondition condition, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        BlobNames.Ensure(name);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            return await UploadAsync(name, content, condition, buffer, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (AzureFailures.IsUnmetCondition(failure))
        {
            throw new BlobConditionException(name);
        }
        catch (Exception failure) when (AzureFailures.Is(failure))
        {
            throw _failures.Translate(failure, $"Blob '{name}' was not written");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Reads the content twice: the service asks for a name before the first byte.</remarks>
    public async Task<BlobInfo> WriteAsync(INamedContent content, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using (Stream stream = content.OpenRead())
        {
            await stream.CopyToAsync(Stream.Null, ReadBuffer, cancellation).ConfigureAwait(false);
        }

        string name = content.Name;
        await using Stream again = content.OpenRead();
        return await WriteAsync(name, again, WriteCondition.None, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        BlobNames.Ensure(name);
        try
        {
            await _container.GetBlobClient(name)
                .DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellation)
                .ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (AzureFailures.IsAbsentBlob(failure))
        {
            return false;
        }
        catch (Exception failure) when (AzureFailures.Is(failure))
        {
            throw _failures.Translate(failure, $"Blob '{name}' was not deleted");
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellation = default)
    {
        BlobNames.EnsurePrefix(prefix);
        return List(prefix, cancellation);
    }

    /// <summary>In the form of headers: the service's answers quote it, its listings do not.</summary>
    private static string Tag(ETag tag) => tag.ToString("H");

    private async IAsyncEnumerable<BlobInfo> List(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var blobs = new List<BlobInfo>();
        try
        {
            await foreach (BlobItem item in _container.GetBlobsAsync(prefix: prefix, cancellationToken: cancellation).ConfigureAwait(false))
            {
                blobs.Add(new BlobInfo(item.Name, item.Properties.ContentLength ?? 0, Tag(item.Properties.ETag.GetValueOrDefault())));
            }
        }
        catch (Exception failure) when (AzureFailures.Is(failure))
        {
            throw _failures.Translate(failure, $"Blobs under '{prefix}' cannot be listed");
        }

        // The service promises an alphabetical order, not which.
        blobs.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        foreach (BlobInfo blob in blobs)
        {
            yield return blob;
        }
    }

    /// <summary>
    /// One request for a small blob; else blocks under names of this upload alone, then a conditional commit. The client's own upload
    /// names blocks by their offset, so that two at once into one blob could commit each other's.
    /// </summary>
    private async Task<BlobInfo> UploadAsync(string name, Stream content, WriteCondition condition, byte[] buffer, CancellationToken cancellation)
    {
        BlockBlobClient blob = _container.GetBlockBlobClient(name);
        BlobRequestConditions? conditions = condition.IfAbsent ? new BlobRequestConditions { IfNoneMatch = ETag.All }
            : condition.IfTag is { } tag ? new BlobRequestConditions { IfMatch = new ETag(tag) }
            : null;
        int count = await FillAsync().ConfigureAwait(false);
        if (count < BlockSize)
        {
            BlobContentInfo written = await blob
                .UploadAsync(Block(), new BlobUploadOptions { Conditions = conditions }, cancellation).ConfigureAwait(false);
            return new BlobInfo(name, count, Tag(written.ETag));
        }

        long length = 0;
        var upload = Guid.NewGuid();
        var blocks = new List<string>();
        while (count > 0)
        {
            blocks.Add(Convert.ToBase64String([.. upload.ToByteArray(), .. BitConverter.GetBytes(blocks.Count)]));
            await blob.StageBlockAsync(blocks[^1], Block(), cancellationToken: cancellation).ConfigureAwait(false);
            length += count;
            count = await FillAsync().ConfigureAwait(false);
        }

        BlobContentInfo committed = await blob
            .CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = conditions }, cancellation).ConfigureAwait(false);
        return new BlobInfo(name, length, Tag(committed.ETag));

        ValueTask<int> FillAsync() => content.ReadAtLeastAsync(buffer.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellation);
        MemoryStream Block() => new(buffer, 0, count, writable: false);
    }
}

/// <summary>How long the store tries.</summary>
/// <param name="Retries">Tries after the first.</param>
/// <param name="FirstDelay">Wait before the first of them; doubles.</param>
/// <param name="NetworkTimeout">Longest wait for an answer.</param>
internal sealed record AzurePatience(int Retries, TimeSpan FirstDelay, TimeSpan NetworkTimeout)
{
    internal static AzurePatience Default { get; } = new(3, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(60));
}
