using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Opens the blob store that the settings name.</summary>
internal static class BlobStores
{
    /// <exception cref="BlobStoreException">The store is not reached, refuses, or its connection string is malformed.</exception>
    public static IBlobStore Open(LabOptions options)
    {
        if (options.AzureBlobs is not { } connection)
        {
            return new LocalBlobStore(Path.GetFullPath(options.BlobFolder ?? Path.Combine(options.Data, "blobs")));
        }

        var store = new AzureBlobStore(connection, options.AzureContainer);
        store.CreateContainerIfAbsentAsync().GetAwaiter().GetResult();
        return store;
    }
}
