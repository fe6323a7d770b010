namespace EmbeddedOrleans.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task Call_BeforeStart_IsRefused()
    {
        await using var host = GrainHost.Build();

        await Assert.ThrowsAsync<SiloUnavailableException>(host.Grains.GetGrain<ILivelyGrain>("early").ActivationAsync);
    }

    [Fact]
    public async Task Stop_LetsRunningCallsEndThenDeactivatesEveryGrain()
    {
        await using var host = await GrainHost.StartAsync();
        var held = host.Grains.GetGrain<ILivelyGrain>("held");
        var call = held.HoldAsync("work");
        await host.Probe.WaitForAsync("at work");
        var waiting = held.ActivationAsync();
        for (var i = 0; i < 20; i++)
        {
            await host.Grains.GetGrain<ILivelyGrain>($"grain {i}").ActivationAsync();
        }

        var stop = host.StopAsync();
        await host.Probe.WaitForAsync("grain 0 deactivated: ShuttingDown");
        Assert.False(stop.IsCompleted);
        host.Probe.Release("work");
        await Task.WhenAll(call, stop);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => waiting);
        Assert.Equal(21, host.Probe.Notes.Count(note => note.EndsWith("deactivated: ShuttingDown", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<SiloUnavailableException>(held.ActivationAsync);
    }

    [Fact]
    public async Task Stop_GrainCallsAnotherWhenDeactivating_GetsSiloUnavailable()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Grains.GetGrain<ILivelyGrain>("caller").CallWhenDeactivatingAsync("callee");

        await host.StopAsync();

        Assert.Contains("caller heard SiloUnavailableException", host.Probe.Notes);
    }
}
