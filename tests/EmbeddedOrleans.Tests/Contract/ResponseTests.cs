namespace EmbeddedOrleans.Tests;

public sealed class ResponseTests
{
    [Fact]
    public async Task Call_NoResponseInTime_ThrowsTimeoutWhileTheCallGoesOn()
    {
        await using var host = await GrainHost.StartAsync(new() { ResponseTimeout = TimeSpan.FromMilliseconds(150) });
        var grain = host.Grains.GetGrain<ISlowGrain>("slow");

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => grain.HoldAsync("long"));
        Assert.StartsWith("Response did not arrive on time in 00:00:00.1500000 for message: ", exception.Message);
        Assert.Contains("slow/slow", exception.Message);

        Assert.DoesNotContain("past long", host.Probe.Notes);
        host.Probe.Release("long");
        await host.Probe.WaitForAsync("past long");
    }

    [Fact]
    public async Task Call_MethodWithItsOwnResponseTimeout_UsesIt()
    {
        await using var host = await GrainHost.StartAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => host.Grains.GetGrain<ISlowGrain>("own").HoldShortlyAsync("short"));
        host.Probe.Release("short");
    }

    [Fact]
    public async Task Call_TimedOutWhileWaitingInTheQueue_IsNeverRun()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ISlowGrain>("queue");

        var first = grain.HoldAsync("first");
        await host.Probe.WaitForAsync("at first");
        await Assert.ThrowsAsync<TimeoutException>(() => grain.HoldShortlyAsync("expired"));
        host.Probe.Release("first");
        await first;

        await grain.NoteAsync("after it");
        Assert.DoesNotContain("at expired", host.Probe.Notes);
    }

    [Fact]
    public async Task Call_CancelledByTheCaller_EndsAtOnceAndTellsTheGrain()
    {
        await using var host = await GrainHost.StartAsync();
        using var cancellation = new CancellationTokenSource();

        var call = host.Grains.GetGrain<ISlowGrain>("cancelled").HoldUntilCancelledAsync("wait", cancellation.Token);
        await host.Probe.WaitForAsync("at wait");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await host.Probe.WaitForAsync("past wait");
    }

    [Fact]
    public async Task Call_TimedOut_CancelsTheGrainsToken()
    {
        await using var host = await GrainHost.StartAsync(new() { ResponseTimeout = TimeSpan.FromMilliseconds(150) });

        await Assert.ThrowsAsync<TimeoutException>(() => host.Grains.GetGrain<ISlowGrain>("expired").HoldUntilCancelledAsync("wait", CancellationToken.None));
        await host.Probe.WaitForAsync("past wait");
    }

    [Fact]
    public async Task Call_GrainThrows_CallerGetsTheSameExceptionAndTheGrainLivesOn()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ISlowGrain>("throws");

        var later = await Assert.ThrowsAsync<OddException>(() => grain.ThrowLaterAsync(41));
        var atOnce = await Assert.ThrowsAsync<OddException>(async () => await grain.ThrowAtOnceAsync(42));

        Assert.Equal((41, "later"), (later.Number, later.Message));
        Assert.Equal((42, "at once"), (atOnce.Number, atOnce.Message));
        await grain.NoteAsync("still here");
    }

    [Fact]
    public async Task Call_OneWay_ReturnsBeforeTheGrainIsDone()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ISlowGrain>("one way");

        await grain.OneWayAsync("held");
        await host.Probe.WaitForAsync("at held");
        Assert.DoesNotContain("past held", host.Probe.Notes);

        host.Probe.Release("held");
        await host.Probe.WaitForAsync("past held");
    }

    [Fact]
    public async Task Call_OneWayFails_IsLoggedAndNotThrown()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ISlowGrain>("one way throws");

        await grain.OneWayThrowAsync(1);
        await grain.NoteAsync("next");

        Assert.Contains(host.Logs, line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains("nobody hears of this", StringComparison.Ordinal));
    }
}
