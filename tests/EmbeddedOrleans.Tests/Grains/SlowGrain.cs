using Orleans.Concurrency;

namespace EmbeddedOrleans.Tests;

public sealed class OddException(string message, int number) : Exception(message)
{
    public int Number { get; } = number;
}

[Alias("tests-slow")]
public interface ISlowGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task HoldAsync(string place);

    [Alias("hold-shortly"), ResponseTimeout("00:00:00.150")]
    Task HoldShortlyAsync(string place);

    [Alias("hold-until-cancelled"), AlwaysInterleave]
    Task HoldUntilCancelledAsync(string place, CancellationToken cancellation);

    [Alias("note")]
    Task NoteAsync(string note);

    [Alias("throw-later")]
    Task<int> ThrowLaterAsync(int number);

    [Alias("throw-at-once")]
    ValueTask ThrowAtOnceAsync(int number);

    [Alias("one-way"), OneWay]
    Task OneWayAsync(string place);

    [Alias("one-way-throw"), OneWay]
    Task OneWayThrowAsync(int number);
}

public sealed class SlowGrain(Probe probe) : Grain, ISlowGrain
{
    public async Task HoldAsync(string place)
    {
        await probe.HoldAsync(place);
        probe.Note($"past {place}");
    }

    public Task HoldShortlyAsync(string place) => HoldAsync(place);

    public async Task HoldUntilCancelledAsync(string place, CancellationToken cancellation)
    {
        probe.Note($"at {place}");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            probe.Note($"past {place}");
        }
    }

    public Task NoteAsync(string note)
    {
        probe.Note(note);
        return Task.CompletedTask;
    }

    public async Task<int> ThrowLaterAsync(int number)
    {
        await Task.Yield();
        throw new OddException("later", number);
    }

    public ValueTask ThrowAtOnceAsync(int number) => throw new OddException("at once", number);

    public Task OneWayAsync(string place) => HoldAsync(place);

    public async Task OneWayThrowAsync(int number)
    {
        await Task.Yield();
        throw new OddException("nobody hears of this", number);
    }
}
