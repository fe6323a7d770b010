using SlungOrleans.Storage.Tests.Azure;

namespace SlungOrleans.Storage.Tests;

/// <summary>Makes empty stores, and one Azurite for all tests.</summary>
public sealed class Stores : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Lazy<Task<Azurite>> _azurite = new(Azurite.StartAsync);

    public async Task<IBlobStore> CreateAsync(StoreKind kind)
    {
        if (kind == StoreKind.Local)
        {
            return new LocalBlobStore(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")));
        }

        var store = new AzureBlobStore((await _azurite.Value).ConnectionString, Guid.NewGuid().ToString("N"));
        await store.CreateContainerIfAbsentAsync();
        return store;
    }

    public Task<Azurite> AzuriteAsync() => _azurite.Value;

    public void Dispose()
    {
        if (_azurite is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            _azurite.Value.Result.Dispose();
        }

        _folder.Dispose();
    }
}

[CollectionDefinition(nameof(Stores))]
public sealed class StoresCollection : ICollectionFixture<Stores>;
