using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>Token lens, playground and evaluations in a real browser.</summary>
public sealed class AskingBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    // Generous, for machines that train beside the tests.
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task Lens_KeysAndShow_WorkAndTheAddressKeepsTheDocument()
    {
        await using var host = await DashboardHost.StartAsync(SampleResults.Create(DateTimeOffset.UtcNow));
        await using var context = await NewContextAsync(390);
        var (page, complaints) = await OpenAsync(context, host, "/studies/quick-start/lens");
        await Assertions.Expect(page.Locator(".token").First).ToBeVisibleAsync();

        await page.Locator(".tokens").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator(".detail")).ToContainTextAsync("Token 1 of");
        var blurred = page.Locator(".token .told.blurred > [aria-hidden]").First;
        Assert.Contains("blur", await blurred.EvaluateAsync<string>("element => getComputedStyle(element).filter"), StringComparison.Ordinal);
        await page.GetByLabel("Show high-risk text").CheckAsync();
        await Assertions.Expect(page.Locator(".told.blurred")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(page.Locator(".walk")).ToContainTextAsync("doc-00003");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".walk")).ToContainTextAsync("doc-00003");
        await ExpectNothingWrongAsync(page, complaints);
    }

    [BrowserFact]
    public async Task Playground_Ask_ShowsEveryArmsAnswer()
    {
        await using var host = await DashboardHost.StartAsync(SampleResults.Create(DateTimeOffset.UtcNow));
        await using var context = await NewContextAsync(390);
        var (page, complaints) = await OpenAsync(context, host, "/studies/quick-start/playground");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Prompt", Exact = true }).FillAsync("Melo tarin");
        await page.GetByLabel("Temperature").FillAsync("0.7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask every arm" }).ClickAsync();

        await Assertions.Expect(page.Locator(".answer li")).ToHaveCountAsync(12);
        await Assertions.Expect(page.Locator(".exchange > header")).ToContainTextAsync("temperature 0.7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".answer mark.high-risk").First).ToContainTextAsync("vorpag");
        await ExpectNothingWrongAsync(page, complaints);
    }

    [BrowserFact]
    public async Task Evaluation_Slider_MovesTheConfusionAndIsInTheAddress()
    {
        await using var host = await DashboardHost.StartAsync(SampleResults.Create(DateTimeOffset.UtcNow));
        await using var context = await NewContextAsync(390);
        var (page, complaints) = await OpenAsync(context, host, "/evaluations?study=quick-start&suite=recognition&arm=masked");
        await page.GetByRole(AriaRole.Link, new() { Name = "recognition" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("polyline.curve")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".confusion tbody td").First).Not.ToHaveTextAsync("0");

        await page.GetByRole(AriaRole.Slider).PressAsync("End");

        await Assertions.Expect(page.Locator(".confusion tbody td").First).ToHaveTextAsync("0");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("threshold="));
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".confusion tbody td").First).ToHaveTextAsync("0");
        await ExpectNothingWrongAsync(page, complaints);
    }

    [BrowserFact]
    public async Task Link_FollowedWhileTheConnectionIsLost_IsShownAsSoonAsItIsBack()
    {
        await using var host = await DashboardHost.StartAsync(SampleResults.Create(DateTimeOffset.UtcNow));
        await using var context = await NewContextAsync(1280);
        var reachable = true;
        var connections = new List<IWebSocketRoute>();
        await context.RouteAsync("**/_blazor/**", route => reachable ? route.ContinueAsync() : route.AbortAsync());
        await context.RouteWebSocketAsync(new Regex("/_blazor"), connection =>
        {
            connection.ConnectToServer();
            connections.Add(connection);
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(host.Address + "/evaluations?study=quick-start&suite=recognition&arm=masked");
        var link = page.GetByRole(AriaRole.Link, new() { Name = "recognition" }).First;
        await link.WaitForAsync();

        reachable = false;
        await Task.WhenAll(connections.Select(connection => connection.CloseAsync()));
        await Assertions.Expect(page.Locator("#components-reconnect-modal .lost")).ToBeVisibleAsync();
        await link.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/evaluations/quick-start-masked"));
        reachable = true;

        await Assertions.Expect(page.Locator("polyline.curve")).ToHaveCountAsync(2);
    }

    private async Task<IBrowserContext> NewContextAsync(int width)
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 860 } });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return context;
    }

    private static async Task<(IPage Page, List<string> Complaints)> OpenAsync(IBrowserContext context, DashboardHost host, string address)
    {
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => complaints.AddRange(request.Url.StartsWith(host.Address, StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? [] : [$"asked for {request.Url}"]);
        await page.GotoAsync(host.Address + address);
        await page.Locator("main h1").WaitForAsync();
        return (page, complaints);
    }

    private static async Task ExpectNothingWrongAsync(IPage page, List<string> complaints)
    {
        var tooWide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(tooWide <= 0, $"The page is {tooWide} pixels wider than its screen.");
        Assert.Empty(complaints);
    }
}
