namespace EmbeddedOrleans.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task Call_TenThousandContendedIncrementsWithAwaitsInside_LosesNone()
    {
        await using var host = await GrainHost.StartAsync();
        var counter = host.Grains.GetGrain<ICounterGrain>("contended");

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() =>
            Task.WhenAll(Enumerable.Range(0, 100).Select(_ => counter.IncrementAsync())))));

        Assert.Equal(10_000, await counter.GetAsync());
        Assert.Equal(Enumerable.Range(1, 10_000), results.SelectMany(counts => counts).Order());
    }

    [Fact]
    public async Task Call_ContinuationsOfAwaits_RunInTheActivationsScheduler()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.True(await host.Grains.GetGrain<ICounterGrain>("context").ContinuesInContextAsync());
    }

    [Fact]
    public async Task Call_ReentrantGrainWithManyCalls_NeverRunsTwoTurnsAtOnce()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IReentrantGrain>("spin");

        var alone = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => grain.SpinAsync(200))));

        Assert.All(alone, Assert.True);
    }

    [Fact]
    public async Task Call_TwoGrainsThatWaitForEachOther_RunAtTheSameTime()
    {
        await using var host = await GrainHost.StartAsync();

        await Task.WhenAll(
            host.Grains.GetGrain<ICounterGrain>("one").MeetAsync("one is here", "two is here"),
            host.Grains.GetGrain<ICounterGrain>("two").MeetAsync("two is here", "one is here")).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Call_SecondOrdinaryCall_StartsAfterTheFirstHasEnded()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IInterleavingGrain>("ordinary");

        var first = grain.WriteAsync("first");
        await host.Probe.WaitForAsync("at first");
        var second = grain.WriteAsync("second");
        await grain.InterleaveAsync("between");
        Assert.Equal(["at first", "between"], host.Probe.Notes);

        host.Probe.Release("first");
        await first;
        await host.Probe.WaitForAsync("at second");
        host.Probe.Release("second");
        await second;
    }

    [Fact]
    public async Task Call_ReadOnlyCalls_RunBesideEachOtherButNotBesideWriters()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IInterleavingGrain>("readers");

        var readers = new[] { grain.ReadAsync("reader 1"), grain.ReadAsync("reader 2") };
        await host.Probe.WaitForAsync("at reader 1");
        await host.Probe.WaitForAsync("at reader 2");
        var writer = grain.WriteAsync("writer");

        // One reader is still inside: the writer waits for it as well.
        host.Probe.Release("reader 1");
        await readers[0];
        await grain.InterleaveAsync("one reader left");
        Assert.DoesNotContain("at writer", host.Probe.Notes);

        host.Probe.Release("reader 2");
        await host.Probe.WaitForAsync("at writer");
        var late = grain.ReadAsync("late reader");
        await grain.InterleaveAsync("late reader sent");
        Assert.DoesNotContain("at late reader", host.Probe.Notes);

        host.Probe.Release("writer");
        host.Probe.Release("late reader");
        await Task.WhenAll(writer, late, readers[1]);
    }

    [Fact]
    public async Task Call_ReentrantClass_InterleavesAllCalls()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IReentrantGrain>("reentrant");

        var calls = new[] { grain.HoldAsync("a"), grain.HoldAsync("b") };
        await host.Probe.WaitForAsync("at a");
        await host.Probe.WaitForAsync("at b");
        host.Probe.Release("b");
        await calls[1];
        host.Probe.Release("a");
        await calls[0];
    }

    [Fact]
    public async Task Call_CycleBackToABusyGrain_EndsWithTimeoutAndTheGrainLivesOn()
    {
        await using var host = await GrainHost.StartAsync(new() { ResponseTimeout = TimeSpan.FromMilliseconds(300) });
        var first = host.Grains.GetGrain<IChainGrain>("first");

        await Assert.ThrowsAsync<TimeoutException>(() => first.CallAsync("second", "first"));

        // Afterwards the grain is free again, though the calls inside may take their time-outs to find out.
        var name = await Eventually.SucceedsAsync<string, TimeoutException>(first.NameAsync);
        Assert.Equal("first", name);
    }

    [Fact]
    public async Task Call_CycleThatEndsElsewhere_Succeeds()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.Equal("third", await host.Grains.GetGrain<IChainGrain>("first").CallAsync("second", "third"));
    }
}
