namespace EmbeddedOrleans.Tests;

public sealed class ReminderTests : IDisposable
{
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromDays(3000);

    private readonly string _folder = Directory.CreateTempSubdirectory("grains-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Reminder_Registered_TicksAgainAndAgainAlsoAfterAFailure()
    {
        await using var host = await StartAsync();
        await host.Grains.GetGrain<IReminderGrain>("a").RegisterAsync("failing one", TimeSpan.Zero, Shortly);

        await host.Probe.WaitForAsync("a: failing one", count: 3);

        Assert.Contains(host.Logs, line => line.StartsWith("Error: ", StringComparison.Ordinal) && line.Contains("a reminder that fails", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reminder_AfterRestart_ActivatesItsGrain()
    {
        await using (var host = await StartAsync())
        {
            await host.Grains.GetGrain<IReminderGrain>("sleeper").RegisterAsync("wake", TimeSpan.FromSeconds(1), Shortly);
            await host.Grains.GetGrain<IReminderGrain>("sleeper").RegisterAsync("stay", Never, Never);
        }

        await using (var host = await StartAsync())
        {
            await host.Probe.WaitForAsync("sleeper: wake", count: 2);
            Assert.Equal(["stay", "wake"], await host.Grains.GetGrain<IReminderGrain>("sleeper").NamesAsync());
            Assert.DoesNotContain("sleeper: stay", host.Probe.Notes);
        }
    }

    [Fact]
    public async Task Reminder_Unregistered_TicksNoMoreNorAfterRestart()
    {
        await using (var host = await StartAsync())
        {
            var grain = host.Grains.GetGrain<IReminderGrain>("b");
            await grain.RegisterAsync("ended", TimeSpan.Zero, Shortly);
            await grain.RegisterAsync("going on", TimeSpan.Zero, Shortly);
            await host.Probe.WaitForAsync("b: ended");
            await grain.UnregisterAsync("ended");
            await host.Probe.WaitForAsync("b: going on", host.Probe.Count("b: going on") + 1);
            var ticks = host.Probe.Count("b: ended");
            await host.Probe.WaitForAsync("b: going on", host.Probe.Count("b: going on") + 4);

            Assert.Equal(ticks, host.Probe.Count("b: ended"));
            Assert.Equal(["going on"], await grain.NamesAsync());
        }

        await using (var host = await StartAsync())
        {
            await host.Probe.WaitForAsync("b: going on", count: 2);
            Assert.DoesNotContain("b: ended", host.Probe.Notes);
        }
    }

    [Fact]
    public async Task RegisterOrUpdateReminder_Again_ReplacesTheSchedule()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IReminderGrain>("c");
        await grain.RegisterAsync("moved", Never, Never);

        await grain.RegisterAsync("moved", TimeSpan.Zero, Shortly);

        await host.Probe.WaitForAsync("c: moved", count: 2);
        Assert.Equal(["moved"], await grain.NamesAsync());
    }

    [Fact]
    public async Task UnregisterReminder_ChangedSince_Throws()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IReminderGrain>("d");

        await Assert.ThrowsAsync<ReminderException>(() => grain.UnregisterOldAsync("changed"));

        Assert.Equal(["changed"], await grain.NamesAsync());
        await grain.UnregisterAsync("changed");
        Assert.Empty(await grain.NamesAsync());
    }

    [Fact]
    public async Task RegisterOrUpdateReminder_WrongTimesOrGrain_Throws()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IReminderGrain>("e");

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => grain.RegisterAsync("often", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
        Assert.Contains("less than minimum allowed reminder period (00:01:00)", exception.Message);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.RegisterAsync("past", TimeSpan.FromSeconds(-1), TimeSpan.FromHours(1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.RegisterAsync("once", TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        await Assert.ThrowsAsync<ArgumentNullException>(() => grain.RegisterAsync(" ", TimeSpan.Zero, TimeSpan.FromHours(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(host.Grains.GetGrain<IForgetfulGrain>("f").RegisterAsync);
        Assert.Empty(await grain.NamesAsync());
    }

    private Task<GrainHost> StartAsync() =>
        GrainHost.StartAsync(new() { MinimumReminderPeriod = TimeSpan.FromMilliseconds(1) }, Path.Combine(_folder, "grains.db"));
}
