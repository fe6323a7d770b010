using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Tests.Lab;
using Xunit.Abstractions;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>Charts and the page of comparisons in a real browser.</summary>
public sealed class ChartBrowserTests(BrowserFixture fixture, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    private const int LongRun = 100_000;

    // Generous, for machines that train beside the tests.
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task Open_FourCurvesOfAHundredThousandSteps_AreDrawnThinnedAndExactOnZoom()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(host.Address);
        await page.Locator("main h1").WaitForAsync();
        AddLongRuns(lab);

        var watch = Stopwatch.StartNew();
        await page.EvaluateAsync("Blazor.navigateTo('/studies/long')");
        var plot = page.Locator(".plot[data-points]");
        await plot.WaitForAsync();
        await page.WaitForFunctionAsync("() => { const c = document.querySelector('.plot canvas'); return c && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value > 0); }");
        output.WriteLine(FormattableString.Invariant($"4 curves x {LongRun} points: drawn {watch.ElapsedMilliseconds} ms after the click."));

        var points = int.Parse((await plot.GetAttributeAsync("data-points"))!, CultureInfo.InvariantCulture);
        var box = (await page.Locator(".plot .u-over").BoundingBoxAsync())!;
        Assert.InRange(points, 4 * (int)box.Width, 4 * 4 * 1280);

        // A thousandth of the width: some hundred steps of four lines, all of them.
        await page.Mouse.MoveAsync(box.X + 400, box.Y + 50);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 408, box.Y + 50, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        var zoomed = page.Locator(".plot[data-zoomed]");
        await zoomed.WaitForAsync();
        var steps = int.Parse((await zoomed.GetAttributeAsync("data-zoomed"))!, CultureInfo.InvariantCulture);
        Assert.InRange(steps, 8 / box.Width * LongRun * 0.8, (8 / box.Width * LongRun * 1.2) + 2);
    }

    [BrowserFact]
    public async Task Compare_DownloadsAndChoices_Work()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/studies/quick-start/compare");
        var chart = page.Locator("figure[aria-label='Recognition AUROC against Expected maximum toxicity']");
        await chart.WaitForAsync();

        var csv = await SaveAsync(page, chart, "CSV");
        Assert.Equal(12, csv.Split("\r\n").Count(line => line.Contains(",quick-start-", StringComparison.Ordinal)));
        Assert.StartsWith("<svg", await SaveAsync(page, chart, "SVG"), StringComparison.Ordinal);
        Assert.Equal("PNG", (await SaveAsync(page, chart, "PNG"))[1..4]);
        var losses = page.Locator("figure[aria-label='Loss as trained by arm']");
        Assert.Equal(602, (await SaveAsync(page, losses, "CSV")).Split("\r\n").Length);
        Assert.Equal("PNG", (await SaveAsync(page, losses, "PNG"))[1..4]);

        // A choice far down the page changes the address and leaves the reader where he is.
        await page.GetByRole(AriaRole.Button, new() { Name = "min–max" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("band=range$"), new() { Timeout = Patience });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "min–max" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.True(await page.EvaluateAsync<double>("scrollY") > 0, "The page jumped to its top.");

        await page.EvaluateAsync("scrollTo(0, 0)");
        await chart.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/runs/quick-start-"), new() { Timeout = Patience });
    }

    private static async Task<string> SaveAsync(IPage page, ILocator chart, string kind)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Button, new() { Name = kind, Exact = true }).ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync());
    }

    private static void AddLongRuns(InMemoryLab lab)
    {
        var study = lab.Studies["quick-start"];
        var runs = study.Runs.Where(run => run.Seed == 1 && run.Amount == 0.05).Select(run => run with { Id = $"long-{run.Arm}", Step = LongRun, Steps = LongRun }).ToImmutableArray();
        foreach (var run in runs)
        {
            var arm = study.Specification!.Arms.Single(arm => arm.Name == run.Arm);
            lab.Metrics[run.Id] = [.. Enumerable.Range(1, LongRun).Select(step => SampleLab.Metric(step, arm, 1, 0.05))];
        }

        lab.Studies["long"] = study with { Id = "long", Stage = StudyStage.Running, Runs = runs };
    }

    private async Task<IBrowserContext> NewContextAsync()
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 }, AcceptDownloads = true });
        context.SetDefaultTimeout(Patience);
        return context;
    }
}
