using System.Net;
using System.Net.Sockets;

namespace SlungOrleans.Storage.Tests.Azure;

/// <summary>What is wrong is said in one sentence, and the key never is.</summary>
[Collection(nameof(Stores))]
public sealed class AzureBlobStoreTests(Stores stores)
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("AccountName=lab;AccountKey=secret-not-base64!;BlobEndpoint=http://127.0.0.1:1/lab")]
    [InlineData("DefaultEndpointsProtocol=https;AccountKey=c2VjcmV0")]
    public async Task Use_OfMalformedConnectionString_SaysSo(string connectionString)
    {
        BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(
            async () => await new AzureBlobStore(connectionString, "lab").GetInfoAsync("a"));
        Assert.True(
            failure.Message.Contains("connection string of Azure Blob Storage is malformed", StringComparison.Ordinal)
                || failure.Message.Contains("key is not base64", StringComparison.Ordinal),
            failure.Message);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [AzureFact]
    public async Task AnyCall_WithWrongKey_SaysSo()
    {
        int port = (await stores.AzuriteAsync()).Port;
        await AssertEveryCallSaysAsync(new AzureBlobStore(Azurite.ConnectionStringTo(port, "d3Jvbmc="), "lab"), "the account's key is wrong");
    }

    [AzureFact]
    public async Task AnyCall_WithoutContainer_SaysSo()
    {
        string connectionString = (await stores.AzuriteAsync()).ConnectionString;
        await AssertEveryCallSaysAsync(new AzureBlobStore(connectionString, "no-such-container"), "there is no such container, at http://127.0.0.1:");
    }

    [Fact]
    public async Task AnyCall_ToClosedPort_SaysSo()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        await AssertEveryCallSaysAsync(new AzureBlobStore(Azurite.ConnectionStringTo(port), "lab"), "the service is not reached (Connection refused");
    }

    [AzureFact]
    public async Task CreateContainerIfAbsent_Twice_KeepsBlobs()
    {
        var store = (AzureBlobStore)await stores.CreateAsync(StoreKind.Azure);
        await store.WriteTextAsync("a", "1");
        await store.CreateContainerIfAbsentAsync();
        Assert.Equal("1", await store.ReadAllTextAsync("a"));
    }

    private static async Task AssertEveryCallSaysAsync(IBlobStore store, string reason)
    {
        Func<Task>[] calls =
        [
            () => store.GetInfoAsync("a"),
            () => store.OpenReadAsync("a"),
            () => store.WriteTextAsync("a", "1"),
            () => store.WriteTextAsync("a", "1", WriteCondition.Absent),
            () => store.WriteBytesAsync("a", new byte[9 << 20]),
            () => store.DeleteAsync("a"),
            async () => await store.ListAsync("").ToListAsync(),
        ];
        foreach (Task call in calls.Select(call => Task.Run(call)).ToArray())
        {
            BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(() => call);
            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        }
    }
}
