using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace EmbeddedOrleans.Tests.Embedded;

public sealed class HostTests
{
    [Fact]
    public async Task Start_FaultyOptions_ListsAllFaultsTogether()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseEmbeddedOrleans(options =>
        {
            options.DatabasePath = " ";
            options.ResponseTimeout = TimeSpan.Zero;
            options.CollectionAge = TimeSpan.FromDays(-1);
            options.MinimumReminderPeriod = TimeSpan.Zero;
            options.ActivationTimeout = TimeSpan.FromDays(100);
            options.DeactivationTimeout = TimeSpan.MinValue;
        });
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());
        Assert.Equal(
            ["DatabasePath", "GrainAssemblies", "ResponseTimeout", "CollectionAge", "MinimumReminderPeriod", "ActivationTimeout", "DeactivationTimeout"],
            exception.Message.Split("\n- ").Skip(1).Select(line => line.Split(" is ")[0]));
    }

    [Fact]
    public async Task Start_GrainNeedsAServiceThatIsNotThere_NamesBoth()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseEmbeddedOrleans(options =>
        {
            options.DatabasePath = "never opened";
            options.GrainAssemblies.Add(typeof(LivelyGrain).Assembly);
        });
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());
        Assert.Contains("\n- The grain class EmbeddedOrleans.Tests.LivelyGrain needs the service EmbeddedOrleans.Tests.Probe, which is not registered.", exception.Message);
        Assert.False(File.Exists("never opened"));
    }

    [Fact]
    public async Task Stop_GrainThatDoesNotEnd_IsLeftAfterTheTimeLimitAndItsCallersAreTold()
    {
        await using var host = await GrainHost.StartAsync(new() { DeactivationTimeout = TimeSpan.FromMilliseconds(200) });
        var call = host.Grains.GetGrain<ILivelyGrain>("stuck").HoldAsync("forever");
        await host.Probe.WaitForAsync("at forever");

        await host.StopAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        Assert.Contains(host.Logs, line => line.StartsWith("Warning: lively/stuck could not be deactivated in time", StringComparison.Ordinal));
        host.Probe.Release("forever");
    }

    [Fact]
    public async Task OnActivateAsync_AsksForDeactivation_CallsAreRejected()
    {
        await using var host = await GrainHost.StartAsync();

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(host.Grains.GetGrain<ILivelyGrain>("unwilling").ActivationAsync);
        await host.Probe.WaitForAsync("unwilling deactivated: ApplicationRequested");
    }

    [Fact]
    public void Catalog_FaultyGrainClasses_SaysWhatIsExpected()
    {
        var catalog = new GrainCatalog([typeof(TwoConstructorsGrain<int>), typeof(StatelessGrain<int>), typeof(SameStateGrain<int>), typeof(OtherLively<int>), typeof(LivelyGrain)]);

        string[] expected =
        [
            "OtherLively`1[System.Int32] and EmbeddedOrleans.Tests.LivelyGrain both have the type of grain 'lively'",
            "two states named 'twice'; expected a name of its own for each",
            "takes the parameter 'state'; expected [PersistentState] with IPersistentState<T>",
            "has 2 public constructors; expected one.",
        ];
        Assert.Equal(expected.Length, catalog.Faults.Count);
        Assert.All(expected, part => Assert.Single(catalog.Faults, fault => fault.Contains(part, StringComparison.Ordinal)));
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
