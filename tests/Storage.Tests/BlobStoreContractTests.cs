using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Storage.Tests;

/// <summary>What every blob store keeps to, whichever it is.</summary>
[Collection(nameof(Stores))]
public sealed class BlobStoreContractTests(Stores stores)
{
    [Theory, LocalStore, AzureStore]
    public async Task Write_OfNewBlob_IsReadBack(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);

        BlobInfo written = await store.WriteTextAsync("runs/a-1/head.json", "{\"ü\":1}\n");

        Assert.Equal(new BlobInfo("runs/a-1/head.json", 9, written.Tag), written);
        Assert.Equal(written, await store.GetInfoAsync("runs/a-1/head.json"));
        Assert.Equal("{\"ü\":1}\n", await store.ReadAllTextAsync("runs/a-1/head.json"));
    }

    [Theory, LocalStore, AzureStore]
    public async Task Write_OfEmptyBlob_IsReadBack(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteBytesAsync("empty", Array.Empty<byte>());
        Assert.Equal(0, (await store.GetInfoAsync("empty"))!.Length);
        Assert.Empty(await store.ReadAllBytesAsync("empty"));
    }

    /// <summary>Exactly a block, one byte more and less, several blocks: where uploads in parts go wrong.</summary>
    [Theory, LocalStore, AzureStore]
    public async Task Write_OfLargeBlobs_IsReadBack(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        const int Block = 8 << 20;
        byte[] content = new byte[(2 * Block) + 4321];
        new Random(5).NextBytes(content);
        foreach (int length in (int[])[Block - 1, Block, Block + 1, content.Length])
        {
            BlobInfo written = await store.WriteBytesAsync("large", content.AsMemory(0, length));
            Assert.Equal(length, written.Length);
            Assert.Equal(written, await store.GetInfoAsync("large"));
            await using Stream stream = await store.OpenReadAsync("large");
            Assert.Equal(SHA256.HashData(content.AsSpan(0, length)), await SHA256.HashDataAsync(stream));
        }
    }

    [Theory, LocalStore, AzureStore]
    public async Task Write_OfStreamNotAtItsStart_WritesTheRest(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        using var content = new MemoryStream("abcdef"u8.ToArray()) { Position = 2 };
        await store.WriteAsync("rest", content, WriteCondition.None);
        Assert.Equal("cdef", await store.ReadAllTextAsync("rest"));
    }

    /// <summary>Long enough for several flushes and blocks; the name is known only when it has been read.</summary>
    [Theory, LocalStore, AzureStore]
    public async Task Write_OfContentThatNamesItself_IsUnderThatName(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        byte[] bytes = new byte[40_000_000];
        new Random(6).NextBytes(bytes);
        var content = new HashNamedContent(bytes);
        string name = $"files/{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

        BlobInfo written = await store.WriteAsync(content);
        BlobInfo again = await store.WriteAsync(content);

        Assert.Equal((name, bytes.Length), (written.Name, written.Length));
        Assert.Equal(again, await store.GetInfoAsync(name));
        Assert.Equal(bytes, await store.ReadAllBytesAsync(name));
        Assert.Single(await store.ListAsync("").ToListAsync());
    }

    [Theory, LocalStore, AzureStore]
    public async Task Write_OfNamedContentThatFails_LeavesNothing(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync(new HashNamedContent(new byte[1000], fails: true)));
        Assert.Empty(await store.ListAsync("").ToListAsync());
    }

    [Theory, LocalStore, AzureStore]
    public async Task OpenRead_OfBlob_CanSeek(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteTextAsync("digits", "0123456789");
        await using Stream stream = await store.OpenReadAsync("digits");
        byte[] three = new byte[3];
        Assert.Equal(10, stream.Length);
        stream.Seek(6, SeekOrigin.Begin);
        await stream.ReadExactlyAsync(three);
        Assert.Equal("678", Encoding.ASCII.GetString(three));
        stream.Position = 1;
        stream.ReadExactly(three);
        Assert.Equal("123", Encoding.ASCII.GetString(three));
    }

    [Theory, LocalStore, AzureStore]
    public async Task Read_OfAbsentBlob_SaysSo(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteTextAsync("a/b", "1");
        foreach (string name in (string[])["none", "a/none", "a", "none/at/all"])
        {
            Assert.Null(await store.GetInfoAsync(name));
            Assert.False(await store.DeleteAsync(name));
            BlobNotFoundException failure = await Assert.ThrowsAsync<BlobNotFoundException>(() => store.OpenReadAsync(name));
            Assert.Contains($"'{name}'", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory, LocalStore, AzureStore]
    public async Task Delete_OfBlob_LeavesOthers(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteTextAsync("a/b", "1");
        await store.WriteTextAsync("a/c", "2");
        Assert.True(await store.DeleteAsync("a/b"));
        Assert.False(await store.DeleteAsync("a/b"));
        Assert.Equal(["a/c"], await NamesAsync(store, ""));
    }

    [Theory, LocalStore, AzureStore]
    public async Task Write_OverBlob_ChangesTagEveryTime(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        var tags = new HashSet<string>();
        for (int write = 0; write < 50; write++)
        {
            Assert.True(tags.Add((await store.WriteTextAsync("same", "same content")).Tag));
        }
    }

    [Theory, LocalStore, AzureStore]
    public async Task WriteIfAbsent_OverBlob_IsRefused(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteTextAsync("one", "first", WriteCondition.Absent);
        await Assert.ThrowsAsync<BlobConditionException>(() => store.WriteTextAsync("one", "second", WriteCondition.Absent));
        Assert.Equal("first", await store.ReadAllTextAsync("one"));
        await store.DeleteAsync("one");
        await store.WriteTextAsync("one", "third", WriteCondition.Absent);
        Assert.Equal("third", await store.ReadAllTextAsync("one"));
    }

    [Theory, LocalStore, AzureStore]
    public async Task WriteIfTag_OverOtherTagOrNothing_IsRefused(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        BlobInfo first = await store.WriteTextAsync("one", "first");
        BlobInfo second = await store.WriteTextAsync("one", "again", WriteCondition.Matches(first.Tag));
        await Assert.ThrowsAsync<BlobConditionException>(() => store.WriteTextAsync("one", "lost", WriteCondition.Matches(first.Tag)));
        Assert.Equal("again", await store.ReadAllTextAsync("one"));
        Assert.Equal(second, await store.GetInfoAsync("one"));
        await store.DeleteAsync("one");
        await Assert.ThrowsAsync<BlobConditionException>(() => store.WriteTextAsync("one", "lost", WriteCondition.Matches(second.Tag)));
        Assert.Null(await store.GetInfoAsync("one"));
    }

    [Theory, LocalStore, AzureStore]
    public async Task WriteIfAbsentOfLargeBlob_OverBlob_IsRefused(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteTextAsync("one", "first");
        await Assert.ThrowsAsync<BlobConditionException>(() => store.WriteBytesAsync("one", new byte[9 << 20], WriteCondition.Absent));
        Assert.Equal("first", await store.ReadAllTextAsync("one"));
    }

    [Theory, LocalStore, AzureStore]
    public async Task ConditionalWrite_OfManyAtOnce_HasOneWinner(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await RaceAsync(store, WriteCondition.Absent);
        for (int round = 0; round < 5; round++)
        {
            BlobInfo before = (await store.GetInfoAsync("race"))!;
            await RaceAsync(store, WriteCondition.Matches(before.Tag));
        }
    }

    /// <summary>The second write begins and ends between two parts of the first.</summary>
    [Theory, LocalStore, AzureStore]
    public async Task Write_DuringOtherWriteOfBlob_NeverMixesThem(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        byte[] first = [.. Enumerable.Repeat((byte)1, 20 << 20)], second = [.. Enumerable.Repeat((byte)2, 20 << 20)];
        using var content = new InterruptedStream(first, 10 << 20, () => store.WriteBytesAsync("large", second));
        try
        {
            await store.WriteAsync("large", content, WriteCondition.None);
        }
        catch (BlobStoreException failure)
        {
            Assert.Contains("another writer has written it meanwhile", failure.Message, StringComparison.Ordinal);
        }

        byte[] read = await store.ReadAllBytesAsync("large");
        Assert.Equal(20 << 20, read.Length);
        Assert.Equal(-1, read.AsSpan().IndexOfAnyExcept(read[0]));
    }

    [Theory, LocalStore, AzureStore]
    public async Task Read_WhileBlobIsReplaced_IsNeverMixed(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        const int Length = 6 << 20;
        await store.WriteBytesAsync("blob", Enumerable.Repeat((byte)1, Length).ToArray());
        await using Stream stream = await store.OpenReadAsync("blob");
        byte[] content = new byte[Length];
        await stream.ReadExactlyAsync(content.AsMemory(0, 1000));
        await store.WriteBytesAsync("blob", Enumerable.Repeat((byte)2, Length).ToArray());
        try
        {
            await stream.ReadExactlyAsync(content.AsMemory(1000));
            Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept((byte)1));
        }
        catch (BlobStoreException failure)
        {
            Assert.Contains("has been changed meanwhile", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory, LocalStore, AzureStore]
    public async Task List_OfNames_IsInOrdinalOrder(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        string[] names = ["a/b/c", "a-b", "a.b", "a0", "A", "Z/z", "a_b", "b/B", "b/a", "b/a.json", "b/a-0/x", "b/a/0", ".hidden/x", "0"];
        string[] kept = [.. names.Where(name => name != "b/a")];
        foreach (string name in kept)
        {
            await store.WriteTextAsync(name, name);
        }

        foreach (string prefix in (string[])["", "a", "a/", "a/b", "b/a", "b/a/", "b", "none/", "Z/z", "."])
        {
            string[] expected = [.. kept.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            Assert.Equal(expected, await NamesAsync(store, prefix));
        }

        await foreach (BlobInfo blob in store.ListAsync("b/"))
        {
            Assert.Equal(blob, await store.GetInfoAsync(blob.Name));
        }
    }

    [Theory, LocalStore, AzureStore]
    public async Task AnyCall_OfBadName_IsRefused(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        string[] bad =
        [
            "", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\\b", "a b", "a%2e", "ä", "a\0b", "a\n", "~temporary/x", "/etc/passwd",
            new string('a', 201), string.Join('/', Enumerable.Repeat("abcdefghi", 100)),
        ];
        foreach (string name in bad)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => store.GetInfoAsync(name));
            await Assert.ThrowsAsync<ArgumentException>(() => store.OpenReadAsync(name));
            await Assert.ThrowsAsync<ArgumentException>(() => store.WriteTextAsync(name, "x"));
            await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name));
        }

        foreach (string prefix in (string[])["../", "/", "a/../b", "a b", "a//"])
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await NamesAsync(store, prefix));
        }
    }

    [Theory, LocalStore, AzureStore]
    public async Task Write_OfContentThatFails_LeavesBlobAsItWas(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        await store.WriteTextAsync("one", "first");
        foreach (string name in (string[])["one", "two"])
        {
            using var damaged = new InterruptedStream(new byte[20 << 20], 10 << 20, () => throw new InvalidDataException("The source is damaged."));
            await Assert.ThrowsAsync<InvalidDataException>(() => store.WriteAsync(name, damaged, WriteCondition.None));
        }

        Assert.Equal("first", await store.ReadAllTextAsync("one"));
        Assert.Equal(["one"], await NamesAsync(store, ""));
    }

    [Theory, LocalStore, AzureStore]
    public async Task Write_Cancelled_LeavesBlobAsItWas(StoreKind kind)
    {
        IBlobStore store = await stores.CreateAsync(kind);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.WriteTextAsync("one", "first", cancellation: cancellation.Token));
        Assert.Empty(await NamesAsync(store, ""));
    }

    private static async Task RaceAsync(IBlobStore store, WriteCondition condition)
    {
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(async () =>
        {
            try
            {
                await store.WriteTextAsync("race", $"writer {writer}", condition);
                return true;
            }
            catch (BlobConditionException)
            {
                return false;
            }
        })));
        Assert.Single(won, winner => winner);
        Assert.Equal($"writer {Array.IndexOf(won, true)}", await store.ReadAllTextAsync("race"));
    }

    private static async Task<List<string>> NamesAsync(IBlobStore store, string prefix)
    {
        var names = new List<string>();
        await foreach (BlobInfo blob in store.ListAsync(prefix))
        {
            names.Add(blob.Name);
        }

        return names;
    }

    /// <summary>Content that does something once, when it is read past a position.</summary>
    private sealed class InterruptedStream(byte[] content, long at, Func<Task> interruption) : MemoryStream(content)
    {
        private bool _interrupted;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= at && !_interrupted)
            {
                _interrupted = true;
                await interruption();
            }

            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 << 20)], cancellationToken);
        }
    }

    private sealed class HashNamedContent(byte[] bytes, bool fails = false) : INamedContent
    {
        private MemoryStream? _opened;

        public string Name => _opened!.Position == bytes.Length && !fails
            ? $"files/{Convert.ToHexStringLower(SHA256.HashData(bytes))}"
            : throw new InvalidOperationException("It has no name.");

        public Stream OpenRead() => _opened = new UnclosedStream(bytes);

        /// <summary>Its position can be asked for when it is closed.</summary>
        private sealed class UnclosedStream(byte[] bytes) : MemoryStream(bytes, writable: false)
        {
            protected override void Dispose(bool disposing)
            {
            }
        }
    }
}
