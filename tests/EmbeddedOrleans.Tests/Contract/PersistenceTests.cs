using System.Collections.Immutable;

namespace EmbeddedOrleans.Tests;

public sealed class PersistenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grains-").FullName;

    private static Notebook Full { get; } = new()
    {
        Title = "täglich \u0001 \"quoted\" 𝄞",
        Pages = [new(1, "one"), new(2, "")],
        Numbers = ImmutableDictionary<string, double>.Empty
            .Add("nan", double.NaN).Add("up", double.PositiveInfinity).Add("down", double.NegativeInfinity)
            .Add("tiny", double.Epsilon).Add("tenth", 0.1).Add("minus zero", -0.0),
        Mood = Mood.Calm,
        Written = new(2025, 3, 4, 5, 6, 7, 8, TimeSpan.FromHours(5.5)),
        Cover = new(0, "cover"),
        Copies = null,
    };

    private string DatabasePath => Path.Combine(_folder, "deeper", "grains.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task State_AfterRestart_IsWhatWasWritten()
    {
        await using (var host = await StartAsync())
        {
            await host.Grains.GetGrain<INotebookGrain>("a").WriteAsync(Full);
            await host.Grains.GetGrain<INotebookGrain>("a").WriteSecondAsync("the second of a");
            await host.Grains.GetGrain<INotebookGrain>("b").WriteSecondAsync("the second of b");
        }

        await using (var host = await StartAsync())
        {
            var stored = await host.Grains.GetGrain<INotebookGrain>("a").GetAsync();
            Assert.True(stored.Exists);
            Assert.Equal(Full with { Pages = [], Numbers = Full.Numbers }, stored.State with { Pages = [], Numbers = Full.Numbers });
            Assert.Equal(Full.Pages.AsEnumerable(), stored.State.Pages);
            Assert.Equal(Full.Numbers.OrderBy(pair => pair.Key).Select(Bits), stored.State.Numbers.OrderBy(pair => pair.Key).Select(Bits));
            Assert.Equal(Full.Written.Offset, stored.State.Written.Offset);
            Assert.Equal("the second of a", await host.Grains.GetGrain<INotebookGrain>("a").GetSecondAsync());
            Assert.Equal("the second of b", await host.Grains.GetGrain<INotebookGrain>("b").GetSecondAsync());
            Assert.False((await host.Grains.GetGrain<INotebookGrain>("b").GetAsync()).Exists);
        }
    }

    [Fact]
    public async Task State_WrittenReadAndCleared_HasRecordAndTagAccordingly()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<INotebookGrain>("life");

        var fresh = await grain.GetAsync();
        Assert.Equal((false, null, "untitled"), (fresh.Exists, fresh.Etag, fresh.State.Title));
        var written = await grain.WriteAsync(Full);
        var rewritten = await grain.WriteAsync(Full with { Title = "again" });
        Assert.True(written.Exists && rewritten.Exists);
        Assert.NotNull(written.Etag);
        Assert.NotEqual(written.Etag, rewritten.Etag);

        var read = await grain.ReadAgainAsync();
        Assert.Equal((true, rewritten.Etag, "again"), (read.Exists, read.Etag, read.State.Title));

        var cleared = await grain.ClearAsync();
        Assert.Equal((false, "untitled"), (cleared.Exists, cleared.State.Title));
        Assert.False((await grain.ReadAgainAsync()).Exists);
        var last = await grain.WriteAsync(Full);
        Assert.True(last.Exists);
        Assert.DoesNotContain(last.Etag, new[] { written.Etag, rewritten.Etag });
    }

    [Fact]
    public async Task WriteStateAsync_ManyInterleaved_DoNotConflict()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<INotebookGrain>("interleaved");

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => grain.WriteInterleavedAsync($"title {i}")));

        var stored = await grain.GetAsync();
        Assert.Equal(stored.State.Title, (await grain.ReadAgainAsync()).State.Title);
    }

    [Fact]
    public async Task WriteStateAsync_OutsideTheGrainsTurns_Throws()
    {
        await using var host = await StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(host.Grains.GetGrain<ICounterGrain>("outside").LeaveContextAndSaveAsync);
    }

    private static (string Key, long Bits) Bits(KeyValuePair<string, double> pair) => (pair.Key, BitConverter.DoubleToInt64Bits(pair.Value));

    private Task<GrainHost> StartAsync() => GrainHost.StartAsync(databasePath: DatabasePath);
}
