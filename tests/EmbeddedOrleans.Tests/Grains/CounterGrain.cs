using Orleans.Concurrency;

namespace EmbeddedOrleans.Tests;

[Alias("tests-counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("increment")]
    Task<int> IncrementAsync();

    [Alias("get")]
    ValueTask<int> GetAsync();

    [Alias("run-in-context")]
    Task<bool> ContinuesInContextAsync();

    [Alias("leave-context")]
    Task LeaveContextAndSaveAsync();

    [Alias("meet")]
    Task MeetAsync(string arrive, string other);
}

public sealed class CounterGrain(Probe probe, [PersistentState("unused")] IPersistentState<Notebook> state) : Grain, ICounterGrain
{
    private int _count;

    public async Task<int> IncrementAsync()
    {
        // Only right if no other call runs between the two halves.
        var before = _count;
        await Task.Yield();
        _count = before + 1;
        return _count;
    }

    public ValueTask<int> GetAsync() => ValueTask.FromResult(_count);

    public async Task<bool> ContinuesInContextAsync()
    {
        var scheduler = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = ReferenceEquals(scheduler, TaskScheduler.Current);
        await Task.Run(() => { });
        return afterYield && ReferenceEquals(scheduler, TaskScheduler.Current) && !ReferenceEquals(scheduler, TaskScheduler.Default);
    }

    public async Task LeaveContextAndSaveAsync() => await Task.Run(() => state.WriteStateAsync());

    public async Task MeetAsync(string arrive, string other)
    {
        probe.Release(arrive);
        await probe.HoldAsync(other);
    }
}

[Alias("tests-interleaving")]
public interface IInterleavingGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string place);

    [Alias("read"), ReadOnly]
    Task ReadAsync(string place);

    [Alias("interleave"), AlwaysInterleave]
    Task InterleaveAsync(string note);
}

public sealed class InterleavingGrain(Probe probe) : Grain, IInterleavingGrain
{
    public Task WriteAsync(string place) => probe.HoldAsync(place);

    public Task ReadAsync(string place) => probe.HoldAsync(place);

    public async Task InterleaveAsync(string note)
    {
        await Task.Yield();
        probe.Note(note);
    }
}

[Alias("tests-reentrant")]
public interface IReentrantGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task HoldAsync(string place);

    [Alias("spin")]
    Task<bool> SpinAsync(int turns);
}

[Reentrant]
public sealed class ReentrantGrain(Probe probe) : Grain, IReentrantGrain
{
    private int _inside;

    public Task HoldAsync(string place) => probe.HoldAsync(place);

    // Calls may interleave between turns, but no two turns may run at the same time.
    public async Task<bool> SpinAsync(int turns)
    {
        var alone = true;
        for (var turn = 0; turn < turns; turn++)
        {
            alone &= Interlocked.Increment(ref _inside) == 1;
            Thread.SpinWait(200);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }

        return alone;
    }
}

[Alias("tests-chain")]
public interface IChainGrain : IGrainWithStringKey
{
    [Alias("call")]
    Task<string> CallAsync(string other, string back);

    [Alias("name")]
    Task<string> NameAsync();
}

public sealed class ChainGrain : Grain, IChainGrain
{
    public async Task<string> CallAsync(string other, string back) =>
        other.Length > 0
            ? await GrainFactory.GetGrain<IChainGrain>(other).CallAsync("", back)
            : await GrainFactory.GetGrain<IChainGrain>(back).NameAsync();

    public Task<string> NameAsync() => Task.FromResult(this.GetPrimaryKeyString());
}
