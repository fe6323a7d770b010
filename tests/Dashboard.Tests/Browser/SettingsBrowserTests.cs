using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>What people choose about reading, kept by a real browser; and the pages of tagging jobs in it.</summary>
public sealed class SettingsBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task Choose_ColoursZoneAndDigits_PagesFollowAndABrowserKeepsThem()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await fixture.Browser.NewContextAsync(new() { TimezoneId = "Europe/Berlin", ColorScheme = ColorScheme.Light });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync($"{host.Address}/settings");
        var sample = page.Locator(".sample");
        await Assertions.Expect(page.GetByLabel("Time zone").Locator("option").First).ToHaveTextAsync("as this browser (Europe/Berlin)");
        await Assertions.Expect(sample).ToContainTextAsync("0.8731");

        await page.GetByRole(AriaRole.Button, new() { Name = "dark", Exact = true }).ClickAsync();
        await page.GetByLabel("Time zone").SelectOptionAsync("Asia/Tokyo");
        await page.GetByLabel("Digits of metrics").SelectOptionAsync("6");

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-scheme", "dark");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Colours: dark. Switch to the system's" })).ToBeVisibleAsync();
        await Assertions.Expect(sample).ToContainTextAsync("UTC+09:00");
        await Assertions.Expect(sample).ToContainTextAsync("0.873062");

        // A new connection, which knows nothing but what the browser tells it.
        await page.ReloadAsync();
        await Assertions.Expect(sample).ToContainTextAsync("UTC+09:00");
        await page.GotoAsync($"{host.Address}/tagging/{SampleLab.TaggingJob}");
        await Assertions.Expect(page.Locator("time").First).ToHaveAttributeAsync("title", new Regex("UTC\\+09:00$"));
        await page.GotoAsync($"{host.Address}/evaluations?study=quick-start");
        await Assertions.Expect(page.Locator(".figure").Filter(new() { HasText = "0.873100" }).First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task TaggingJob_ThresholdDraggedAndTextAskedFor_BandsFollowAndAreRead()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await fixture.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync($"{host.Address}/tagging");
        await page.GetByRole(AriaRole.Link, new() { Name = SampleLab.TaggingJob }).ClickAsync();
        var high = page.GetByRole(AriaRole.Region, new() { Name = "High-risk", Exact = true });
        await Assertions.Expect(high.Locator(".told.blurred")).ToHaveCountAsync(6);

        // The page gives its heading the focus once it is there, and would take it from the mark.
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.GetByLabel("High-risk threshold").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("[?]high-risk=0[.]9999999$"));
        await Assertions.Expect(high.Locator("li")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(high.Locator("li")).ToHaveCountAsync(6);
        await page.GetByLabel("Show the text").CheckAsync();

        await Assertions.Expect(high.Locator(".told.blurred")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Corpora_SearchedAndSorted_AddressSaysItAndReloadKeepsIt()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await fixture.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync($"{host.Address}/corpora");
        var rows = page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Button, new() { Name = "Documents" }).ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync("invented-base");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" }).FillAsync("forum");
        await Assertions.Expect(rows).ToHaveCountAsync(1);

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("[?&]q=forum(&|$)"));
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("[?&]sort=-documents(&|$)"));
        await page.ReloadAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".count")).ToHaveTextAsync("1 of 2 corpora");
    }
}
