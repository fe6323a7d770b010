using System.Diagnostics;

namespace SlungOrleans.Storage.Tests.Azure;

/// <summary>Azure Blob Storage on a bad way there: whatever happens, a blob is written whole or is as it was, and the failure is said in one sentence.</summary>
[Collection(nameof(Stores))]
public sealed class AzureFaultTests(Stores stores) : IDisposable
{
    private const int LargeLength = 20 << 20;

    private static readonly AzurePatience Short = new(Retries: 3, FirstDelay: TimeSpan.FromMilliseconds(5), NetworkTimeout: TimeSpan.FromSeconds(20));

    private readonly List<FaultyProxy> _proxies = [];

    public void Dispose() => _proxies.ForEach(proxy => proxy.Dispose());

    [AzureTheory]
    [InlineData(503, "ServerBusy")]
    [InlineData(500, "InternalError")]
    [InlineData(408, "RequestTimeout")]
    public async Task Write_OfServiceThatIsBusyTwice_WritesAtTheThirdTry(int status, string code)
    {
        (AzureBlobStore store, FaultyProxy proxy) = await StoreAsync(request => request.Number <= 2 ? new Fault.Answer(status, code) : null);

        await store.WriteTextAsync("a", "1", WriteCondition.Absent);

        Assert.Equal("1", await store.ReadAllTextAsync("a"));
        Assert.Equal(3, proxy.Requests.Count(request => request.Method == "PUT"));
    }

    [AzureFact]
    public async Task AnyCall_ToServiceThatStaysBusy_SaysSo()
    {
        (AzureBlobStore store, _) = await StoreAsync(_ => new Fault.Answer(503, "ServerBusy"));
        Func<Task>[] calls =
        [
            () => store.GetInfoAsync("a"),
            () => store.OpenReadAsync("a"),
            () => store.WriteTextAsync("a", "1"),
            () => store.WriteBytesAsync("a", new byte[LargeLength]),
            () => store.DeleteAsync("a"),
            async () => await store.ListAsync("").ToListAsync(),
        ];
        foreach (Func<Task> call in calls)
        {
            BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(call);
            Assert.Contains("the service answered 503", failure.Message, StringComparison.Ordinal);
        }
    }

    [AzureTheory]
    [InlineData(412, "ConditionNotMet")]
    [InlineData(409, "BlobAlreadyExists")]
    public async Task Write_RefusedForItsCondition_SaysThatAnotherWriterChangedIt(int status, string code)
    {
        (AzureBlobStore store, FaultyProxy proxy) = await StoreAsync(_ => new Fault.Answer(status, code));

        await Assert.ThrowsAsync<BlobConditionException>(() => store.WriteTextAsync("a", "1", WriteCondition.Absent));

        Assert.Single(proxy.Requests);
    }

    [AzureFact]
    public async Task Write_OfOtherConflict_IsNotTakenForItsCondition()
    {
        (AzureBlobStore store, _) = await StoreAsync(_ => new Fault.Answer(409, "BlobBeingRehydrated"));

        BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.WriteTextAsync("a", "1", WriteCondition.Absent));

        Assert.Contains("409 BlobBeingRehydrated", failure.Message, StringComparison.Ordinal);
    }

    [AzureFact]
    public async Task Write_CutInTheMiddleOfABlock_SendsItAgain()
    {
        byte[] content = Content();
        int cuts = 0;
        (AzureBlobStore store, _) = await StoreAsync(request => request.IsBlock && Interlocked.Increment(ref cuts) == 2 ? new Fault.CutRequest(3 << 20) : null);

        await store.WriteBytesAsync("a", content);

        Assert.Equal(content, await store.ReadAllBytesAsync("a"));
        Assert.Equal(4, cuts);
    }

    [AzureFact]
    public async Task Write_CutAtEveryTry_LeavesTheBlobAsItWas()
    {
        int blocks = 0;
        (AzureBlobStore store, _) = await StoreAsync(request => request.IsBlock && Interlocked.Increment(ref blocks) >= 2 ? new Fault.CutRequest(1 << 20) : null);
        await store.WriteTextAsync("a", "before");

        BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.WriteBytesAsync("a", Content()));

        Assert.Contains("Blob 'a' was not written: the service is not reached", failure.Message, StringComparison.Ordinal);
        Assert.Equal("before", await store.ReadAllTextAsync("a"));
    }

    [AzureFact]
    public async Task Write_WhoseAnswerIsLost_IsThereOnceTriedAgain()
    {
        int lost = 0;
        (AzureBlobStore store, _) = await StoreAsync(request => request.Method == "PUT" && Interlocked.Increment(ref lost) == 1 ? new Fault.LoseAnswer() : null);

        await store.WriteTextAsync("a", "1");

        Assert.Equal("1", await store.ReadAllTextAsync("a"));
        Assert.Equal(2, lost);
    }

    /// <summary>The second try finds the first one's work; the caller has to look.</summary>
    [AzureFact]
    public async Task ConditionalWrite_WhoseAnswerIsLost_SaysChangedAndIsThere()
    {
        int lost = 0;
        (AzureBlobStore store, _) = await StoreAsync(request => request.Method == "PUT" && Interlocked.Increment(ref lost) == 1 ? new Fault.LoseAnswer() : null);

        await Assert.ThrowsAsync<BlobConditionException>(() => store.WriteTextAsync("a", "1", WriteCondition.Absent));

        Assert.Equal("1", await store.ReadAllTextAsync("a"));
    }

    [AzureFact]
    public async Task Read_CutInTheMiddle_ReadsTheRest()
    {
        byte[] content = Content();
        int reads = 0;
        (AzureBlobStore store, _) = await StoreAsync(
            request => request.Method == "GET" && Interlocked.Increment(ref reads) % 2 == 1 ? new Fault.CutAnswer(1 << 20) : null);
        await store.WriteBytesAsync("a", content);

        Assert.Equal(content, await store.ReadAllBytesAsync("a"));

        Assert.True(reads > 5, $"{reads} reads");
    }

    [AzureFact]
    public async Task Read_CutAtEveryTry_SaysSo()
    {
        (AzureBlobStore store, _) = await StoreAsync(request => request.Method == "GET" ? new Fault.CutAnswer(700) : null);
        await store.WriteBytesAsync("a", Content());

        BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.ReadAllBytesAsync("a"));

        Assert.Contains("Blob 'a' cannot be read: the service is not reached", failure.Message, StringComparison.Ordinal);
    }

    [AzureFact]
    public async Task Write_OfSlowService_Waits()
    {
        (AzureBlobStore store, FaultyProxy proxy) = await StoreAsync(_ => new Fault.Slow(TimeSpan.FromMilliseconds(300)));
        long start = Stopwatch.GetTimestamp();

        await store.WriteTextAsync("a", "1");

        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(300));
        Assert.Single(proxy.Requests);
    }

    [AzureFact]
    public async Task Write_OfServiceThatNeverAnswers_GivesUp()
    {
        (AzureBlobStore store, FaultyProxy proxy) = await StoreAsync(
            _ => new Fault.Slow(TimeSpan.FromSeconds(30)), Short with { Retries = 1, NetworkTimeout = TimeSpan.FromMilliseconds(300) });

        BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.WriteTextAsync("a", "1"));

        Assert.Contains("Blob 'a' was not written: the service is not reached", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, proxy.Requests.Count);
    }

    [AzureFact]
    public async Task AnyCall_CancelledWhileItWaits_IsCancelled()
    {
        (AzureBlobStore store, _) = await StoreAsync(_ => new Fault.Slow(TimeSpan.FromSeconds(30)));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteTextAsync("a", "1", default, cancellation.Token));
    }

    /// <summary>A store in a new container, through a proxy that is faultless until the container is there.</summary>
    private async Task<(AzureBlobStore Store, FaultyProxy Proxy)> StoreAsync(Func<ProxiedRequest, Fault?> fault, AzurePatience? patience = null)
    {
        int service = (await stores.AzuriteAsync()).Port;
        string container = Guid.NewGuid().ToString("N");
        await new AzureBlobStore(Azurite.ConnectionStringTo(service), container).CreateContainerIfAbsentAsync();
        var proxy = new FaultyProxy(service, fault);
        _proxies.Add(proxy);
        return (new AzureBlobStore(Azurite.ConnectionStringTo(proxy.Port), container, patience ?? Short), proxy);
    }

    private static byte[] Content()
    {
        byte[] content = new byte[LargeLength];
        new Random(1).NextBytes(content);
        return content;
    }
}
