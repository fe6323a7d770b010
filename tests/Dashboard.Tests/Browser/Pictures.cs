using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

public sealed class Pictures
{
    [Fact]
    public async Task Take()
    {
        var folder = Environment.GetEnvironmentVariable("SLUNGORLEANS_PICTURES") ?? "/tmp/pictures";
        await using var host = await DashboardHost.StartAsync(SampleLab.Create(DateTimeOffset.UtcNow));
        await using var empty = await DashboardHost.StartAsync(new InMemoryLab { Samples = [new("quick-start", SampleYaml.QuickStart)], Reader = SampleYaml.Read });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox"] });
        var running = SampleLab.Create(DateTimeOffset.UtcNow).Studies["invented-slurs-sweep"].Runs[19].Id;
        foreach (var (width, height) in new[] { (1280, 860), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                foreach (var (name, address) in new[]
                {
                    ("empty", empty.Address + "/"), ("studies", host.Address + "/"), ("launch", host.Address + "/launch"),
                    ("completed", host.Address + "/studies/quick-start"), ("live", host.Address + "/studies/invented-slurs-sweep"),
                    ("failed", host.Address + "/studies/wrong-path"),
                    ("run", host.Address + "/runs/quick-start-unlikelihood-a50-s2"), ("run-live", host.Address + "/runs/" + running),
                    ("corpora", host.Address + "/corpora"), ("corpus", host.Address + "/corpora/invented-forum"), ("cluster", host.Address + "/cluster"),
                    ("nowhere", host.Address + "/no/where"),
                })
                {
                    if (Environment.GetEnvironmentVariable("ONLY") is { } only && !only.Split(',').Contains($"{name}-{width}-{scheme.ToString().ToLowerInvariant()}"))
                    {
                        continue;
                    }

                    var page = await context.NewPageAsync();
                    page.Console += (_, message) => { if (message.Type is "error" or "warning") { Console.WriteLine($"{name}: {message.Text}"); } };
                    page.PageError += (_, error) => Console.WriteLine($"{name}: {error}");
                    await page.GotoAsync(address);
                    await page.Locator("h1").WaitForAsync();
                    await page.WaitForTimeoutAsync(1500);
                    var tall = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
                    var part = width == 390 ? 1500 : 1100;
                    for (var top = 0; top < tall; top += part)
                    {
                        await page.ScreenshotAsync(new() { Path = $"{folder}/{name}-{width}-{scheme.ToString().ToLowerInvariant()}-{top / part}.png", FullPage = true, Clip = new() { X = 0, Y = top, Width = width, Height = Math.Min(part, tall - top) } });
                    }
                    await page.CloseAsync();
                }
            }
        }
    }
}
