using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Browser;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Security;

/// <summary>Signing in, working and signing out, as people do it.</summary>
public sealed class SignInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const float Patience = 120_000;
    private const string Token = "a-token-of-the-tests";

    [BrowserFact]
    public async Task SignIn_PrintedAddress_WorksUntilSignedOutAndIsAudited()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab, options => options.Tokens = [new SignInToken("ada", Token)]);
        await using var context = await fixture.Browser.NewContextAsync();
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [$"{page.Url}: {message.Text}"] : []);

        await page.GotoAsync($"{host.Address}/sign-in?return=/studies/invented-slurs-sweep#token={Token}");
        await page.WaitForURLAsync("**/studies/invented-slurs-sweep");
        await Assertions.Expect(page.GetByText("Unsecured")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the study…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the study", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit log" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "cancel study" })).ToContainTextAsync("invented-slurs-sweep");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in");
        Assert.Empty(complaints);
        await page.GotoAsync($"{host.Address}/cluster");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in to SlungOrleans" })).ToBeVisibleAsync();
        Assert.Equal(["cancel invented-slurs-sweep"], lab.Requests);
    }

    [BrowserFact]
    public async Task Open_NobodySignsIn_IsSaidOnThePage()
    {
        await using var host = await DashboardHost.StartAsync(SampleLab.Create(DateTimeOffset.UtcNow));
        await using var context = await fixture.Browser.NewContextAsync();
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();

        await page.GotoAsync(host.Address);

        await Assertions.Expect(page.GetByText("Unsecured: whoever can use this machine can use this lab")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToHaveCountAsync(0);
    }
}
