using Bunit;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class LivePageTests : PageTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public LivePageTests() => Lab = SampleLab.Create(SampleLab.Now);

    private int Subscriptions => Services.GetRequiredService<LiveSubscriptions>().Count;

    [Fact]
    public async Task Close_Page_LeavesNoSubscriptionAndNoTimer()
    {
        Render<ClusterPage>();
        Render<StudyPage>(page => page.Add(it => it.Id, "invented-slurs-sweep"));
        Assert.Equal((2, 2), (Subscriptions, Time.Timers));

        await DisposeComponentsAsync();

        Assert.Equal((0, 0), (Subscriptions, Time.Timers));
    }

    [Fact]
    public async Task Tick_TwoTabsOfTheSame_ReadOnceAndTheLastOneLeavesNothing()
    {
        var tabs = new[] { Render<ClusterPage>(), Render<ClusterPage>() };
        Assert.Equal(2, Lab.Readings);

        Lab.Pool = Lab.Pool with { Queue = [] };
        Time.Advance(Second);
        Assert.All(tabs, tab => tab.WaitForAssertion(() => Assert.Contains("Nothing waits.", tab.Markup, StringComparison.Ordinal)));
        Assert.Equal(3, Lab.Readings);
        Time.Advance(Second);
        await UntilAsync(() => Lab.Readings == 4);
        Assert.Equal(1, Services.GetRequiredService<LiveSubscriptions>().Readings);

        await DisposeComponentsAsync();

        Assert.Equal((0, 0), (Subscriptions, Services.GetRequiredService<LiveSubscriptions>().Readings));
    }

    [Fact]
    public void Open_WhileAnotherTabHasJustRead_ReadsTheTruthItself()
    {
        Render<ClusterPage>();
        Lab.Pool = Lab.Pool with { Queue = [] };

        var opened = Render<ClusterPage>();

        Assert.Contains("Nothing waits.", opened.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_LostAndBack_NothingIsReadUntilThenAndTheTruthAtOnce()
    {
        var page = Render<ClusterPage>();

        await Connection.Become(up: false);
        await UntilAsync(() => (Subscriptions, Time.Timers) == (0, 0));
        var readings = Lab.Readings;
        Time.Advance(Second);
        Assert.Equal(readings, Lab.Readings);

        Lab.Pool = Lab.Pool with { Queue = [] };
        await Connection.Become(up: true);
        page.WaitForAssertion(() => Assert.Contains("Nothing waits.", page.Markup, StringComparison.Ordinal));
        await UntilAsync(() => (Subscriptions, Time.Timers) == (1, 1));
    }

    [Fact]
    public async Task Connection_LostAndThePageClosed_KeepsNothingOfThePage()
    {
        Render<ClusterPage>();
        Assert.Equal(1, Connection.Listeners);

        await Connection.Become(up: false);
        await DisposeComponentsAsync();
        await Connection.Become(up: true);

        Assert.Equal((0, 0, 0), (Connection.Listeners, Subscriptions, Time.Timers));
    }

    /// <summary>Nothing is drawn when a page stops reading, so there is no rendering to wait for.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
