using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>The form on a phone.</summary>
public sealed class LaunchBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Launch_OnAPhone_StateAndButtonStayInReachAndLeadToTheFaults()
    {
        await using var host = await DashboardHost.StartAsync(SampleLab.Create(DateTimeOffset.UtcNow));
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(120_000);
        Assertions.SetDefaultExpectTimeout(120_000);
        await page.GotoAsync($"{host.Address}/launch?sample=quick-start");
        var launch = page.GetByRole(AriaRole.Button, new() { Name = "Launch" });
        await Assertions.Expect(launch).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeInViewportAsync(new() { Ratio = 1 });

        await page.Locator("#field-seeds").FillAsync("");
        await page.Locator("#field-seeds").BlurAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "1 fault" }).ClickAsync();

        await Assertions.Expect(page.Locator(".faults li").First).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(launch).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/launch[?]sample=quick-start#check$"));
    }
}
