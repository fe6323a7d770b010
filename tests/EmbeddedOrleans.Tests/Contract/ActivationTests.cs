namespace EmbeddedOrleans.Tests;

public sealed class ActivationTests
{
    [Fact]
    public async Task FirstCalls_FromManyAtOnce_MakeOneActivation()
    {
        await using var host = await GrainHost.StartAsync();

        var activations = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() =>
            host.Grains.GetGrain<ILivelyGrain>("busy").ActivationAsync())));

        Assert.Single(activations.Distinct());
        Assert.Equal(["busy created", "busy activated"], host.Probe.Notes);
    }

    [Fact]
    public async Task OnActivateAsync_StillRunning_CallsWait()
    {
        await using var host = await GrainHost.StartAsync();

        var call = host.Grains.GetGrain<ILivelyGrain>("hold").ActivationAsync();
        await host.Probe.WaitForAsync("at hold activation");
        Assert.False(call.IsCompleted);
        host.Probe.Release("hold activation");
        await call;
    }

    [Fact]
    public async Task OnActivateAsync_Throws_CallersGetItAndTheNextCallActivatesAnew()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ILivelyGrain>("fail");

        var exception = await Assert.ThrowsAsync<OddException>(grain.ActivationAsync);
        Assert.Equal(7, exception.Number);
        await grain.ActivationAsync();

        Assert.Equal(["fail created", "fail activated", "fail disposed", "fail created", "fail activated"], host.Probe.Notes);
    }

    [Fact]
    public async Task OnActivateAsync_DoesNotEnd_CallersGetCancellationAfterTheTimeLimit()
    {
        await using var host = await GrainHost.StartAsync(new() { ActivationTimeout = TimeSpan.FromMilliseconds(150) });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(host.Grains.GetGrain<ILivelyGrain>("hold").ActivationAsync);
    }

    [Fact]
    public async Task DeactivateOnIdle_WithCallsWaiting_TheyGoToTheNextActivation()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ILivelyGrain>("leaving");

        var first = grain.DeactivateAsync("door");
        await host.Probe.WaitForAsync("at door");
        var next = Enumerable.Range(0, 5).Select(_ => grain.ActivationAsync()).ToArray();
        host.Probe.Release("door");

        Assert.DoesNotContain(await first, await Task.WhenAll(next));
        Assert.Single((await Task.WhenAll(next)).Distinct());
        Assert.Equal(
            ["leaving created", "leaving activated", "at door", "leaving deactivated: ApplicationRequested", "leaving disposed", "leaving created", "leaving activated"],
            host.Probe.Notes);
    }

    [Fact]
    public async Task Idle_ForTheCollectionAge_IsDeactivatedUnlessDelayed()
    {
        await using var host = await GrainHost.StartAsync(new() { CollectionAge = TimeSpan.FromMilliseconds(100) });
        var delayed = host.Grains.GetGrain<ILivelyGrain>("delayed");
        await delayed.DelayDeactivationAsync(TimeSpan.FromHours(1));
        var busy = host.Grains.GetGrain<ILivelyGrain>("working").HoldAsync("work");
        await host.Grains.GetGrain<ILivelyGrain>("idle").ActivationAsync();

        await host.Probe.WaitForAsync("idle deactivated: ActivationIdle");
        await host.Grains.GetGrain<ILivelyGrain>("idle").ActivationAsync();
        await host.Probe.WaitForAsync("idle deactivated: ActivationIdle", count: 2);
        Assert.DoesNotContain("delayed deactivated: ActivationIdle", host.Probe.Notes);
        Assert.DoesNotContain("working deactivated: ActivationIdle", host.Probe.Notes);

        await delayed.DelayDeactivationAsync(TimeSpan.Zero);
        host.Probe.Release("work");
        await busy;
        await host.Probe.WaitForAsync("delayed deactivated: ActivationIdle");
        await host.Probe.WaitForAsync("working deactivated: ActivationIdle");
    }

    [Fact]
    public async Task Context_OfAGrain_IsTheActivation()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.Equal("lively/my key lively/my key", await host.Grains.GetGrain<ILivelyGrain>("my key").ContextAsync());
    }

    [Fact]
    public async Task GetGrain_InterfaceOfSeveralClasses_NamesThem()
    {
        await using var host = await GrainHost.StartAsync();

        var exception = Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<IShapeGrain>("which"));
        Assert.Contains("EmbeddedOrleans.Tests.BallGrain, EmbeddedOrleans.Tests.BoxGrain", exception.Message);

        Assert.Equal("box box/b", await host.Grains.GetGrain<IShapeGrain>("b", "EmbeddedOrleans.Tests.Box").NameAsync());
        Assert.Equal("ball ball/a", await host.Grains.GetGrain<IRoundGrain>("a").NameAsync());
        Assert.Equal("ball ball/a", await host.Grains.GetGrain<IRoundGrain>("a").AsReference<IShapeGrain>().NameAsync());
    }

    [Fact]
    public async Task GetGrain_NoClassOrNoKey_Throws()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INobodyGrain>("nobody"));
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<IShapeGrain>("a", "Nothing"));
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<IRoundGrain>(""));
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<ILivelyGrain>(GrainId.Create("ball", "a")));
    }

    [Fact]
    public async Task GetGrain_SameGrainTwice_GivesEqualReferences()
    {
        await using var host = await GrainHost.StartAsync();
        var one = host.Client.GetGrain<IRoundGrain>("a");

        Assert.Equal(one, host.Grains.GetGrain(typeof(IRoundGrain), "a"));
        Assert.NotEqual(one, host.Grains.GetGrain<IRoundGrain>("b"));
        Assert.Equal("a", one.GetPrimaryKeyString());
        Assert.Equal(GrainId.Parse("ball/a"), one.GetGrainId());
    }
}
