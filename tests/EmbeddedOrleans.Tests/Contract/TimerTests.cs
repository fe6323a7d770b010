namespace EmbeddedOrleans.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Timer_TicksFasterThanTheyEnd_NeverOverlap()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Grains.GetGrain<ITimerGrain>("slow ticks").StartAsync("tick", TimeSpan.Zero, interleave: true, holdAt: null);

        await host.Probe.WaitForAsync("tick", count: 200);

        Assert.DoesNotContain("overlap", host.Probe.Notes);
    }

    [Fact]
    public async Task Timer_NotInterleaving_TakesTurnsWithCalls()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITimerGrain>("turns");
        await grain.StartAsync("tick", Timeout.InfiniteTimeSpan, interleave: false, holdAt: "inside the tick");
        await host.Probe.WaitForAsync("at inside the tick");

        var call = grain.HoldAsync("call");
        await grain.ChangeAsync(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Assert.DoesNotContain("at call", host.Probe.Notes);

        host.Probe.Release("inside the tick");
        await host.Probe.WaitForAsync("at call");
        await grain.ChangeAsync(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Assert.True(host.Probe.Count("tick") <= 2, "A tick ran while a call was inside.");

        host.Probe.Release("call");
        await call;
        await host.Probe.WaitForAsync("tick", count: 2);
    }

    [Fact]
    public async Task Timer_Interleaving_TicksDuringACall()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITimerGrain>("interleaving");
        var call = grain.HoldAsync("call");
        await host.Probe.WaitForAsync("at call");
        host.Probe.Release("call");
        await call;
        await grain.StartAsync("tick", Shortly, interleave: true, holdAt: null);
        var second = grain.HoldAsync("second call");
        await host.Probe.WaitForAsync("at second call");
        var before = host.Probe.Count("tick");

        await host.Probe.WaitForAsync("tick", before + 3);

        Assert.False(second.IsCompleted);
        host.Probe.Release("second call");
        await second;
    }

    [Fact]
    public async Task Timer_TickThrows_IsLoggedAndTheTimerGoesOn()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Grains.GetGrain<ITimerGrain>("failing").StartFailingAsync();

        await host.Probe.WaitForAsync("failing tick", count: 3);

        Assert.Contains(host.Logs, line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains("a tick that fails", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timer_Disposed_TicksNoMore()
    {
        await using var host = await GrainHost.StartAsync();
        var stopped = host.Grains.GetGrain<ITimerGrain>("stopped");
        await stopped.StartAsync("tick", Shortly, interleave: false, holdAt: null);
        await host.Probe.WaitForAsync("tick");

        await stopped.StopAsync();
        await host.Grains.GetGrain<ITimerGrain>("reference").StartAsync("reference", Shortly, interleave: false, holdAt: null);
        await host.Probe.WaitForAsync("reference", count: 5);
        var ticks = host.Probe.Count("tick");
        await host.Probe.WaitForAsync("reference", count: 50);

        Assert.Equal(ticks, host.Probe.Count("tick"));
    }

    [Fact]
    public async Task Timer_OfADeactivatedGrain_IsCancelledAndGone()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITimerGrain>("deactivated");
        await grain.StartAsync("tick", Shortly, interleave: false, holdAt: null);
        await host.Probe.WaitForAsync("tick");
        await grain.DeactivateAsync();
        await host.Probe.WaitForAsync("timer grain deactivated: ApplicationRequested");
        var ticks = host.Probe.Count("tick");

        await host.Grains.GetGrain<ITimerGrain>("reference").StartAsync("reference", Shortly, interleave: false, holdAt: null);
        await host.Probe.WaitForAsync("reference", count: 50);

        Assert.Equal(ticks, host.Probe.Count("tick"));
    }

    [Fact]
    public async Task Timer_TickThatWaits_IsCancelledByDispose()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITimerGrain>("waiting");
        await grain.StartUntilCancelledAsync();
        await host.Probe.WaitForAsync("tick waits");

        await grain.StopAsync();

        await host.Probe.WaitForAsync("tick cancelled");
    }

    [Fact]
    public async Task Timer_WithoutKeepAlive_DoesNotKeepTheGrain()
    {
        await using var host = await GrainHost.StartAsync(new() { CollectionAge = TimeSpan.FromMilliseconds(150) });
        await host.Grains.GetGrain<ITimerGrain>("ticking").StartAsync("tick", TimeSpan.FromMilliseconds(10), interleave: false, holdAt: null);

        await host.Probe.WaitForAsync("timer grain deactivated: ActivationIdle");

        Assert.Contains("tick", host.Probe.Notes);
    }

    [Fact]
    public async Task RegisterGrainTimer_OutsideTheGrainOrOutOfRange_Throws()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITimerGrain>("wrong");

        await Assert.ThrowsAsync<InvalidOperationException>(grain.RegisterOutsideAsync);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.StartAsync("tick", TimeSpan.FromSeconds(-2), interleave: false, holdAt: null));
    }
}
