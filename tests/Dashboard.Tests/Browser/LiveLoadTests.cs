using System.Diagnostics;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;
using Xunit.Abstractions;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>What a page of 50 live runs costs the browser.</summary>
public sealed class LiveLoadTests(ITestOutputHelper output)
{
    private const double MostOfACore = 0.15;
    private const float Patience = 120_000;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [BrowserFact]
    public async Task Live_FiftyRuns_KeepTheTabBelow15PercentOfACore()
    {
        var lab = FiftyRuns.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 } });
        page.SetDefaultTimeout(Patience);
        var opened = Stopwatch.StartNew();
        await page.GotoAsync($"{host.Address}/studies/{FiftyRuns.Study}");
        await page.Locator(".plot[data-points]").WaitForAsync();
        output.WriteLine($"open and drawn after {opened.ElapsedMilliseconds} ms");
        var metrics = await page.Context.NewCDPSessionAsync(page);
        await metrics.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        var processes = await browser.NewBrowserCDPSessionAsync();

        using var timer = new PeriodicTimer(Second);
        await LiveAsync(lab, timer, TimeSpan.FromSeconds(3));
        var (busy, used, wall) = (await BusyAsync(metrics), await UsedAsync(processes), Stopwatch.StartNew());
        await LiveAsync(lab, timer, Measured);
        var share = (await BusyAsync(metrics) - busy) / wall.Elapsed.TotalSeconds;
        var tab = (await UsedAsync(processes) - used) / wall.Elapsed.TotalSeconds;

        output.WriteLine($"main thread {share:P1} of a core, all of the tab's process {tab:P1}");
        var points = await page.Locator(".plot").GetAttributeAsync("data-points");
        output.WriteLine($"{points} points in the browser");
        await Assertions.Expect(page.GetByRole(AriaRole.Progressbar).Last).Not.ToHaveAttributeAsync("aria-valuenow", $"{FiftyRuns.Before}");
        Assert.True(tab < MostOfACore, $"The tab takes {tab:P1} of a core; at most {MostOfACore:P0} is expected.");
    }

    /// <summary>Five steps of every run a second.</summary>
    private static async Task LiveAsync(InMemoryLab lab, PeriodicTimer timer, TimeSpan time)
    {
        var lasted = Stopwatch.StartNew();
        while (lasted.Elapsed < time && await timer.WaitForNextTickAsync())
        {
            FiftyRuns.Train(lab, 5);
        }
    }

    /// <summary>Seconds that the page's main thread has worked.</summary>
    private static async Task<double> BusyAsync(ICDPSession session)
    {
        var answer = await session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray().Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    /// <summary>Processor seconds of the processes that draw pages.</summary>
    private static async Task<double> UsedAsync(ICDPSession session)
    {
        var answer = await session.SendAsync("SystemInfo.getProcessInfo");
        return answer!.Value.GetProperty("processInfo").EnumerateArray().Where(process => process.GetProperty("type").GetString() == "renderer").Sum(process => process.GetProperty("cpuTime").GetDouble());
    }
}
