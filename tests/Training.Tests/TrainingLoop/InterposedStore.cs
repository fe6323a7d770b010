using System.Runtime.CompilerServices;
using SlungOrleans.Storage;

namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>A real store, where something happens before or after the n-th operation.</summary>
internal sealed class InterposedStore(IBlobStore inner, int operation, bool after, Action interposed) : IBlobStore
{
    private int _operations;

    /// <summary>How many operations there have been.</summary>
    internal int Operations => _operations;

    /// <summary>A store that fails from the n-th operation on, as it looks to a process that dies there: that one may have been done or not.</summary>
    internal static InterposedStore Dying(IBlobStore inner, int operation, bool after)
    {
        bool dead = false;
        InterposedStore store = new(inner, operation, after, Die);
        store.BeforeEach = () =>
        {
            if (dead)
            {
                throw new BlobStoreException("The process is dead.");
            }
        };
        return store;

        void Die()
        {
            dead = true;
            throw new BlobStoreException("The process dies.");
        }
    }

    private Action? BeforeEach { get; set; }

    public Task<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellation = default) =>
        DoAsync(() => inner.GetInfoAsync(name, cancellation));

    public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) =>
        DoAsync(() => inner.OpenReadAsync(name, cancellation));

    public Task<BlobInfo> WriteAsync(string name, Stream content, WriteCondition condition, CancellationToken cancellation = default) =>
        DoAsync(() => inner.WriteAsync(name, content, condition, cancellation));

    public Task<BlobInfo> WriteAsync(INamedContent content, CancellationToken cancellation = default) => DoAsync(() => inner.WriteAsync(content, cancellation));

    public Task<bool> DeleteAsync(string name, CancellationToken cancellation = default) =>
        DoAsync(() => inner.DeleteAsync(name, cancellation));

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (BlobInfo blob in await DoAsync(async () => await inner.ListAsync(prefix, cancellation).ToListAsync(cancellation)))
        {
            yield return blob;
        }
    }

    private async Task<T> DoAsync<T>(Func<Task<T>> call)
    {
        BeforeEach?.Invoke();
        bool now = ++_operations == operation;
        if (now && !after)
        {
            interposed();
        }

        T result = await call();
        if (now && after)
        {
            interposed();
        }

        return result;
    }
}
