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
    public async Task Stop_GrainThatDoesNotEnd_IsLeftAfterTheTimeLimitAndItsCallersAreTold()
    {
        await using var host = await GrainHost.StartAsync(options => options.DeactivationTimeout = TimeSpan.FromMilliseconds(200));
        var call = host.Grains.GetGrain<ILivelyGrain>("stuck").HoldAsync("forever");
        await host.Probe.WaitForAsync("at forever");

        await host.StopAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        Assert.Contains(host.Logs, line => line.StartsWith("Warning: lively/stuck could not be deactivated in time", StringComparison.Ordinal));
        host.Probe.Release("forever");
    }

    [Fact]
    public async Task Stop_GrainCallsAnotherWhenDeactivating_GetsSiloUnavailable()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Grains.GetGrain<ILivelyGrain>("caller").CallWhenDeactivatingAsync("callee");

        await host.StopAsync();

        Assert.Contains("caller heard SiloUnavailableException", host.Probe.Notes);
    }

    [Fact]
    public async Task Start_FaultyOptions_ListsAllFaultsTogether()
    {
        await using var host = GrainHost.Build(options =>
        {
            options.DatabasePath = " ";
            options.GrainAssemblies.Clear();
            options.ResponseTimeout = TimeSpan.Zero;
            options.CollectionAge = TimeSpan.FromDays(-1);
            options.MinimumReminderPeriod = TimeSpan.Zero;
        });

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(host.StartAsync);
        foreach (var name in new[] { "DatabasePath", "GrainAssemblies", "ResponseTimeout", "CollectionAge", "MinimumReminderPeriod" })
        {
            Assert.Contains($"\n- {name} is ", exception.Message);
        }
    }

    [Fact]
    public void Catalog_FaultyGrainClasses_SaysWhatIsExpected()
    {
        var catalog = new GrainCatalog([typeof(TwoConstructorsGrain<int>), typeof(StatelessGrain<int>), typeof(SameStateGrain<int>), typeof(OtherLively<int>), typeof(LivelyGrain)]);

        Assert.Collection(
            catalog.Faults,
            fault => Assert.Contains("LivelyGrain and EmbeddedOrleans.Tests.StopTests+OtherLively`1[System.Int32] both have the type of grain 'lively'", fault),
            fault => Assert.Contains("two states named 'twice'; expected a name of its own for each", fault),
            fault => Assert.Contains("takes the parameter 'state'; expected [PersistentState] with IPersistentState<T>", fault),
            fault => Assert.Contains("has 2 public constructors; expected one.", fault));
    }

    // Open generic classes are not found by the hosts of the other tests.
    private sealed class TwoConstructorsGrain<T> : Grain, IShapeGrain
    {
        public TwoConstructorsGrain()
        {
        }

        public TwoConstructorsGrain(T value) => Value = value;

        public T? Value { get; }

        public Task<string> NameAsync() => Task.FromResult("");
    }

    private sealed class StatelessGrain<T>(IPersistentState<Notebook> state, T? value) : Grain, IShapeGrain
    {
        public Task<string> NameAsync() => Task.FromResult($"{state.State.Title} {value}");
    }

    private sealed class SameStateGrain<T>(
        [PersistentState("twice")] IPersistentState<Notebook> one, [PersistentState("twice")] IPersistentState<List<T>> two) : Grain, IShapeGrain
    {
        public Task<string> NameAsync() => Task.FromResult($"{one.State.Title} {two.State.Count}");
    }

    [GrainType("lively")]
    private sealed class OtherLively<T>(T value) : Grain, IShapeGrain
    {
        public Task<string> NameAsync() => Task.FromResult($"{value}");
    }
}
