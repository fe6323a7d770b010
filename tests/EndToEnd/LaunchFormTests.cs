using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd;

/// <summary>The launch page over a real silo: form and text in step, cost, audit before the start, clone.</summary>
public sealed class LaunchFormTests
{
    private const float Minutes = 60_000;

    [BrowserFact]
    public async Task Form_SmallStudy_IsBuiltCheckedLaunchedAndCloned()
    {
        using var folder = new TemporaryFolder();
        var (silo, address) = await SiloProcess.ServeAsync(Path.Combine(folder.Path, "data"));
        await using (silo)
        {
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
            var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 } });
            page.SetDefaultTimeout(2 * Minutes);
            Assertions.SetDefaultExpectTimeout(2 * Minutes);
            var complaints = new List<string>();
            page.PageError += (_, error) => complaints.Add(error);
            page.Console += (_, message) => complaints.AddRange(message.Type == "error" ? [message.Text] : []);
            await page.GotoAsync(new Uri(address, "launch").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
            var yaml = page.GetByRole(AriaRole.Textbox, new() { Name = "YAML" });
            var launch = page.GetByRole(AriaRole.Button, new() { Name = "Launch" });

            // Text to form.
            await yaml.FillAsync(SmallStudy.Yaml("in-the-text"));
            await Assertions.Expect(Field(page, "name")).ToHaveValueAsync("in-the-text");
            await Assertions.Expect(Field(page, "training-steps")).ToHaveValueAsync("20");

            // Form to text.
            await FillAsync(page, "name", "by-form");
            await FillAsync(page, "seeds", "3, 4");
            await page.GetByRole(AriaRole.Checkbox, new() { Name = "low-risk" }).UncheckAsync();
            await Assertions.Expect(yaml).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^name: by-form\n[\\s\\S]*\narms: \\[full, masked\\]\nseeds: \\[3, 4\\]\n"));

            // A fault is shown where it is, and nothing can be launched.
            await FillAsync(page, "training-batchSize", "0");
            await Assertions.Expect(page.Locator("#field-training-batchSize-faults")).ToContainTextAsync("training.batchSize is 0, expected at least 1");
            await Assertions.Expect(launch).ToBeDisabledAsync();
            await FillAsync(page, "training-batchSize", "8");
            await Assertions.Expect(launch).ToBeEnabledAsync();

            // What it costs, and what it is made of, before anything runs.
            await page.GetByRole(AriaRole.Button, new() { Name = "Measure the speed" }).ClickAsync();
            await Assertions.Expect(page.GetByText("from a trial of two seconds")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Preview the audit" }).ClickAsync();
            await Assertions.Expect(page.GetByText("All arms have 96 sequences and 6,144 tokens.")).ToBeVisibleAsync();

            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
            Assert.Equal("by-form.yaml", download.SuggestedFilename);
            Assert.Equal(await yaml.InputValueAsync(), await File.ReadAllTextAsync(await download.PathAsync()));

            await launch.ClickAsync();
            await page.WaitForURLAsync("**/studies/by-form");

            await page.GotoAsync(new Uri(address, "launch?from=by-form").ToString());
            await Assertions.Expect(Field(page, "name")).ToHaveValueAsync("by-form-2");
            await Assertions.Expect(Field(page, "seeds")).ToHaveValueAsync("3, 4");

            // Once the pool is tagged, the thresholds stand on its scores.
            await page.GetByRole(AriaRole.Heading, new() { Name = "Launch a study" }).WaitForAsync();
            for (var reloads = 0; !await page.Locator(".histogram").IsVisibleAsync() && reloads < 60; reloads++)
            {
                await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
            }

            await page.GetByRole(AriaRole.Slider, new() { Name = "High-risk threshold" }).PressAsync("ArrowLeft");
            await Assertions.Expect(Field(page, "data-highRiskThreshold")).Not.ToHaveValueAsync("0.99");
            await Assertions.Expect(yaml).Not.ToHaveValueAsync(new System.Text.RegularExpressions.Regex("highRiskThreshold: 0\\.99\\b"));
            if (Environment.GetEnvironmentVariable("SLUNGORLEANS_PICTURES") is { } pictures)
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Preview the audit" }).ClickAsync();
                await page.GetByText("All arms have").WaitForAsync();
                await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, "launch-real.png"), FullPage = true });
            }

            Assert.Empty(complaints);
        }
    }

    private static ILocator Field(IPage page, string field) => page.Locator($"#field-{field}");

    private static async Task FillAsync(IPage page, string field, string value)
    {
        await Field(page, field).FillAsync(value);
        await Field(page, field).BlurAsync();
    }
}
