using System.Diagnostics;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>
/// The dashboard in a real browser: the script of another version of Blazor (see docs/decisions/0004-blazor-script.md) must keep working
/// with this server.
/// </summary>
public sealed class BrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    // Generous, for machines that train beside the tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [BrowserFact]
    public async Task Open_EveryPage_NoErrorsAndNoRequestsLeaveTheMachine()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync(width: 390);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [$"{page.Url}: {message.Text}"] : []);
        page.PageError += (_, error) => complaints.Add($"{page.Url}: {error}");
        page.Request += (_, request) => complaints.AddRange(request.Url.StartsWith(host.Address, StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? [] : [$"asked for {request.Url}"]);
        foreach (var (name, address) in BrowserFixture.Pages(lab))
        {
            await page.GotoAsync(host.Address + address);
            await page.Locator("main h1").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var tooWide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(tooWide <= 0, $"The page '{name}' is {tooWide} pixels wider than a screen of 390.");
            Assert.False(await page.Locator("#blazor-error-ui").IsVisibleAsync(), $"The page '{name}' shows Blazor's error bar.");
        }

        Assert.Empty(complaints);
    }

    [BrowserFact]
    public async Task Live_StepsAndPoints_ArriveWithoutReloading()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/studies/invented-slurs-sweep");
        var progress = page.GetByRole(AriaRole.Progressbar, new() { Name = "Steps of invented-slurs-sweep-low-risk-a50-s2", Exact = true });
        await Assertions.Expect(progress).ToHaveAttributeAsync("aria-valuetext", "530 / 600");
        await Assertions.Expect(page.Locator(".plot canvas")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".plot .u-over")).ToBeVisibleAsync();

        var study = lab.Studies["invented-slurs-sweep"];
        var run = study.Runs[1];
        lab.Metrics[run.Id].Add(SampleLab.Metric(531, lab.Runs[run.Id].Specification!.Arm, 2, 0.05));
        lab.Studies[study.Id] = study with { Runs = study.Runs.SetItem(1, run with { Step = 531 }) };

        await Assertions.Expect(progress).ToHaveAttributeAsync("aria-valuetext", "531 / 600");
        await page.GetByRole(AriaRole.Group, new() { Name = "Loss" }).GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        await Assertions.Expect(page.Locator("figure table tbody tr")).ToHaveCountAsync(20);
    }

    [BrowserFact]
    public async Task Cancel_Study_AsksFirst()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/studies/invented-slurs-sweep");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the study…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Empty(lab.Requests);

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the study…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the study", Exact = true }).ClickAsync();
        await UntilAsync(() => lab.Requests.Count > 0, "the grain to be asked to cancel");
        Assert.Equal(["cancel invented-slurs-sweep"], lab.Requests);
    }

    [BrowserFact]
    public async Task Leave_Page_TheLabIsAskedNoMore()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/cluster");
        await UntilAsync(() => lab.Readings >= 3, "the page to have read the pool three times");

        await page.GotoAsync("about:blank");

        var readings = -1;
        var since = Stopwatch.StartNew();
        await UntilAsync(
            () =>
            {
                if (readings != lab.Readings)
                {
                    readings = lab.Readings;
                    since.Restart();
                }

                return since.Elapsed > TimeSpan.FromSeconds(3);
            },
            "three seconds without a reading");
    }

    [BrowserFact]
    public async Task Corpus_FilterAndNextPage_AreInTheAddress()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/corpora/invented-forum");
        await Assertions.Expect(page.GetByText("0 spans").First).ToBeVisibleAsync();

        await page.GetByLabel("Only documents with spans").CheckAsync();
        await Assertions.Expect(page.GetByText("0 spans")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();

        await Assertions.Expect(page.Locator(".pager")).ToContainTextAsync("21–34");
        Assert.EndsWith("/corpora/invented-forum?only=True&from=20", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".pager")).ToContainTextAsync("21–34");
    }

    [BrowserFact]
    public async Task Colours_FollowTheSystemUntilChosen()
    {
        await using var host = await DashboardHost.StartAsync(SampleLab.Create(DateTimeOffset.UtcNow));
        await using var context = await NewContextAsync(scheme: ColorScheme.Dark);
        var page = await context.NewPageAsync();
        await page.GotoAsync(host.Address);
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-scheme", "dark");

        await page.GetByRole(AriaRole.Button, new() { Name = "Colours: as the system" }).ClickAsync();

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-scheme", "light");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-scheme", "light");
    }

    private async Task<IBrowserContext> NewContextAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 860 }, ColorScheme = scheme });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        return context;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"Waited {Patience.TotalSeconds} s for {what}.");
            await Task.Delay(50);
        }
    }
}
