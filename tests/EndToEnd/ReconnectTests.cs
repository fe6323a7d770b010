using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd;

/// <summary>A page that is watched while the silo is killed and started again.</summary>
public sealed class ReconnectTests
{
    private const string Run = "watched-masked-a500-s0";
    private const float Minutes = 60_000;

    [BrowserFact]
    public async Task Kill_SiloOfAWatchedRun_PageComesBackByItselfAndShowsTheTruth()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var yaml = folder.Write("watched.yaml", SmallStudy.Yaml("watched", steps: 20_000, arms: "[masked]", seeds: "[0]"));
        var (killed, output) = await SiloProcess.RunToFaultAsync(data, "checkpoint/after-weights:3:kill", "study", "run", yaml);
        Assert.True(killed, output);
        var (first, address) = await SiloProcess.ServeAsync(data);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(2 * Minutes);
        Assertions.SetDefaultExpectTimeout(2 * Minutes);
        var state = page.Locator(".page-head .badge");
        var attempts = page.Locator("section[aria-labelledby=attempts-title] tbody tr");
        var lost = page.GetByText("The connection to the lab is lost.");
        await using (first)
        {
            await page.GotoAsync(new Uri(address, $"runs/{Run}").ToString());
            await Assertions.Expect(state).ToHaveTextAsync("running");
            await Assertions.Expect(attempts).ToHaveCountAsync(2);
            await first.KillAsync();
            await Assertions.Expect(lost).ToBeVisibleAsync();
        }

        var (second, _) = await SiloProcess.ServeAsync(data, address);
        await using (second)
        {
            // Nobody reloads the page.
            await Assertions.Expect(lost).ToBeHiddenAsync();
            await Assertions.Expect(attempts).ToHaveCountAsync(3);
            await Assertions.Expect(attempts.Nth(1)).ToContainTextAsync("worker lost");
            await Assertions.Expect(state).ToHaveTextAsync("running");

            await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
            await Assertions.Expect(state).ToHaveTextAsync("paused");
            await second.KillAsync();
            await Assertions.Expect(lost).ToBeVisibleAsync();
        }

        var (third, _) = await SiloProcess.ServeAsync(data, address);
        await using (third)
        {
            await Assertions.Expect(lost).ToBeHiddenAsync();
            await Assertions.Expect(state).ToHaveTextAsync("paused");
            await page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
            await Assertions.Expect(state).ToHaveTextAsync("running");
            await Assertions.Expect(attempts).ToHaveCountAsync(4);
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the run…" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the run", Exact = true }).ClickAsync();
            await Assertions.Expect(state).ToHaveTextAsync("cancelled");
        }
    }
}
