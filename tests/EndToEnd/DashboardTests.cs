using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd;

public sealed class DashboardTests
{
    private const float Minutes = 60_000;

    [BrowserFact]
    public async Task Launch_SmallStudyInTheBrowser_ShowsItsComparison()
    {
        using var folder = new TemporaryFolder();
        var (silo, address) = await SiloProcess.ServeAsync(Path.Combine(folder.Path, "data"));
        await using (silo)
        {
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
            var page = await browser.NewPageAsync();
            var foreign = new List<string>();
            page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                {
                    foreign.Add(request.Url);
                }
            };

            await page.GotoAsync(new Uri(address, "launch").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
            await page.GetByRole(AriaRole.Textbox, new() { Name = "YAML" }).FillAsync(SmallStudy.Yaml("browser"));
            await page.GetByRole(AriaRole.Button, new() { Name = "Launch" }).ClickAsync();

            await page.WaitForURLAsync("**/studies/browser", new() { Timeout = 1 * Minutes });
            await page.GetByText("masked", new() { Exact = true }).First.WaitForAsync(new() { Timeout = 1 * Minutes });
            await page.GetByRole(AriaRole.Heading, new() { Name = "Comparison" }).WaitForAsync(new() { Timeout = 4 * Minutes });
            Assert.Empty(foreign);
        }
    }
}
