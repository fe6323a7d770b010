namespace EmbeddedOrleans.Tests;

public sealed class ValueTests
{
    [Fact]
    public async Task Call_MutableArguments_AreNotShared()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IValuesGrain>("copies");
        int[] array = [1, 2];
        List<string> list = ["a"];
        var map = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["one"] = 10 };
        int[] shared = [0];

        await grain.KeepAsync(array, list, map, shared);
        array[0] = 100;
        list.Add("b");
        map["two"] = 100;
        Assert.Equal(3 + 1 + 10 + 10, await grain.SumAsync());

        // Promised to be immutable, and so not copied.
        shared[0] = 5;
        Assert.Equal(5024, await grain.SumAsync());

        (await grain.ListAsync()).Add("c");
        Assert.Equal(["a"], await grain.ListAsync());
    }

    [Fact]
    public async Task Call_GrainPassesItself_ArrivesAsReference()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.Equal("self", await host.Grains.GetGrain<IValuesGrain>("self").KeyOfSelfAsync("other"));
    }
}
