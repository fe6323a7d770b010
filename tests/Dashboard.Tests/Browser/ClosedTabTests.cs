using System.Diagnostics;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>Closed and crashed tabs leave nothing behind.</summary>
public sealed class ClosedTabTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [BrowserFact]
    public async Task CloseAndCrash_EveryTab_SubscriptionsCountBackToZero()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox"] });
        string[] addresses = ["/", "/studies/invented-slurs-sweep", "/runs/quick-start-full-a50-s2", "/cluster", "/studies/quick-start/compare"];
        var pages = new List<IPage>();
        foreach (var address in addresses)
        {
            var page = await browser.NewPageAsync();
            page.SetDefaultTimeout((float)Patience.TotalMilliseconds);
            await page.GotoAsync(host.Address + address);
            await page.Locator("main h1").WaitForAsync();
            pages.Add(page);
        }

        await UntilAsync(() => host.Subscriptions == addresses.Length, () => $"{addresses.Length} subscriptions; there are {host.Subscriptions}");

        // To another page of the same tab, a tab closed, a tab that crashes, and the whole browser.
        await pages[0].GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        await pages[0].GetByRole(AriaRole.Heading, new() { Name = "Queue" }).WaitForAsync();
        await UntilAsync(() => host.Subscriptions == addresses.Length, () => $"as many subscriptions after going to another page; there are {host.Subscriptions}");
        await pages[1].CloseAsync();
        await UntilAsync(() => host.Subscriptions == addresses.Length - 1, () => $"one less after closing a tab; there are {host.Subscriptions}");
        await CrashAsync(pages[2]);
        await UntilAsync(() => host.Subscriptions == addresses.Length - 2, () => $"one less after a crash; there are {host.Subscriptions}");
        await browser.CloseAsync();
        await UntilAsync(() => host.Subscriptions == 0, () => $"none after closing the browser; there are {host.Subscriptions}");
    }

    private static async Task CrashAsync(IPage page)
    {
        var crashed = new TaskCompletionSource();
        page.Crash += (_, _) => crashed.TrySetResult();
        _ = page.GotoAsync("chrome://crash").ContinueWith(visit => visit.Exception, TaskScheduler.Default);
        await crashed.Task.WaitAsync(Patience);
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"Waited {Patience.TotalSeconds} s for {what()}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
