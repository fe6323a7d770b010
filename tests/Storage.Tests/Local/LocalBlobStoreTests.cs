using System.Diagnostics;
using System.Globalization;

namespace SlungOrleans.Storage.Tests.Local;

public sealed class LocalBlobStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Temporary => Path.Combine(_folder.Path, "~temporary");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_OfBlob_IsFileOfThatPath()
    {
        await new LocalBlobStore(_folder.Path).WriteTextAsync("runs/a/head.json", "{}");
        Assert.Equal("{}", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "runs", "a", "head.json")));
    }

    [Fact]
    public async Task Create_OverOtherStoresFolder_SeesItsBlobs()
    {
        BlobInfo written = await new LocalBlobStore(_folder.Path).WriteTextAsync("a", "1");
        Assert.Equal(written, await new LocalBlobStore(_folder.Path).GetInfoAsync("a"));
    }

    [Fact]
    public void Create_OverFile_SaysWhatIsWrong()
    {
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        BlobStoreException failure = Assert.Throws<BlobStoreException>(() => new LocalBlobStore(file));
        Assert.Contains($"folder '{file}' cannot be used", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_BelowOtherBlob_SaysWhatIsWrong()
    {
        var store = new LocalBlobStore(_folder.Path);
        await store.WriteTextAsync("a", "1");
        BlobStoreException failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.WriteTextAsync("a/b", "2"));
        Assert.Contains("Blob 'a/b' was not written", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Temporary));
    }

    [Fact]
    public async Task Write_OfContentWithoutAName_LeavesNoFile()
    {
        var store = new LocalBlobStore(_folder.Path);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync(new NamelessContent()));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task List_OfFolderWithForeignFiles_LeavesThemOut()
    {
        var store = new LocalBlobStore(_folder.Path);
        await store.WriteTextAsync("a", "1");
        await File.WriteAllTextAsync(Path.Combine(Temporary, "half-written"), "x");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "not a blob"), "x");
        Assert.Equal(["a"], await store.ListAsync("").Select(blob => blob.Name).ToListAsync());
    }

    /// <summary>Stale is what nobody holds and is old: not a file that is being written, nor one that is about to be renamed.</summary>
    [Fact]
    public async Task Create_OverFolderWithTemporaries_SweepsOnlyStaleOnes()
    {
        _ = new LocalBlobStore(_folder.Path);
        string stale = Path.Combine(Temporary, "stale"), young = Path.Combine(Temporary, "young"), held = Path.Combine(Temporary, "held");
        await File.WriteAllTextAsync(stale, "x");
        await File.WriteAllTextAsync(young, "x");
        await using var writer = new FileStream(held, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        File.SetLastWriteTimeUtc(stale, DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(held, DateTime.UtcNow.AddHours(-1));

        _ = new LocalBlobStore(_folder.Path);

        Assert.Equal([held, young], Directory.EnumerateFiles(Temporary).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_WithClockThatStandsOrGoesBack_ChangesTagEveryTime()
    {
        var clock = new SetClock { Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var store = new LocalBlobStore(_folder.Path, clock);
        var tags = new HashSet<string>();
        for (int write = 0; write < 20; write++)
        {
            Assert.True(tags.Add((await store.WriteTextAsync("a", "same")).Tag));
            clock.Now -= TimeSpan.FromTicks(write % 3);
        }
    }

    [Fact]
    public async Task WriteIfAbsent_OfRacingProcesses_HasOneWinnerPerBlob()
    {
        string[][] won = await Task.WhenAll(Enumerable.Range(0, 3).Select(writer =>
            WriterProcess.LinesAsync(WriterProcess.Start("create", _folder.Path, $"writer {writer}"))));

        Assert.Equal(Enumerable.Range(0, 40), won.SelectMany(slots => slots).Select(slot => int.Parse(slot, CultureInfo.InvariantCulture)).Order());
        var store = new LocalBlobStore(_folder.Path);
        for (int writer = 0; writer < won.Length; writer++)
        {
            foreach (string slot in won[writer])
            {
                Assert.Equal($"writer {writer}", await store.ReadAllTextAsync($"slots/{slot}"));
            }
        }
    }

    [Fact]
    public async Task WriteIfTag_OfRacingProcesses_LosesNoIncrement()
    {
        var store = new LocalBlobStore(_folder.Path);
        await store.WriteTextAsync("counter", "00000000");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => WriterProcess.LinesAsync(WriterProcess.Start("increment", _folder.Path))));
        Assert.Equal("00000150", await store.ReadAllTextAsync("counter"));
    }

    [Fact]
    public async Task Write_OfKilledProcess_LeavesBlobWholeAndUnlocked()
    {
        var store = new LocalBlobStore(_folder.Path);
        for (int kill = 0; kill < 3; kill++)
        {
            using Process process = WriterProcess.Start("rewrite", _folder.Path);
            for (int writes = 0; writes < 5 + kill; writes++)
            {
                Assert.NotNull(await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
            }

            process.Kill();
            await process.WaitForExitAsync();
            byte[] content = await store.ReadAllBytesAsync("rewritten");
            Assert.Equal(4 << 20, content.Length);
            Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept(content[0]));
            await store.WriteTextAsync("rewritten", "by another").WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(["rewritten"], await store.ListAsync("").Select(blob => blob.Name).ToListAsync());
    }

    [SmallDiskFact]
    public async Task Write_OnFullDisk_SaysSoAndLeavesNothingHalfWritten()
    {
        foreach (string name in (string[])["other", "small"])
        {
            string[] lines = await WriterProcess.LinesAsync(WriterProcess.StartOnSmallDisk(_folder.Path, "256k", "fill", _folder.Path, name));
            Assert.Equal([$"Blob '{name}' was not written: the disk is full.", "small:100000", "0"], lines);
        }
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class NamelessContent : INamedContent
    {
        public string Name => throw new InvalidOperationException("It has no name.");

        public Stream OpenRead() => new MemoryStream(new byte[1000]);
    }
}
