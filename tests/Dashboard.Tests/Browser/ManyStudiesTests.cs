using System.Diagnostics;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;
using Xunit.Abstractions;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>200 studies of 15 runs each in the list.</summary>
public sealed class ManyStudiesTests(BrowserFixture fixture, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    private const int Studies = 200;
    private const float Patience = 120_000;

    // Well above what an idle machine needs; the figures are printed.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [BrowserFact]
    public async Task Open_TwoHundredStudies_AreListedSoon()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        var study = lab.Studies["quick-start"];
        lab.Studies.Clear();
        for (var i = 0; i < Studies; i++)
        {
            lab.Studies[$"study-{i:D3}"] = study with
            {
                Id = $"study-{i:D3}",
                Launched = DateTimeOffset.UtcNow.AddHours(-i),
                Runs = [.. study.Runs.Take(15)],
                Verdicts = ["masked against control: recognises more high-risk text (F1 +0.031, 95 % 0.012 to 0.050).", "full against control: says more of it."],
            };
        }

        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);

        // Scripts and styles come from the browser's cache, as for anyone who has been here before.
        await page.GotoAsync($"{host.Address}/cluster");
        await page.Locator("h1").WaitForAsync();

        // What any page takes: script, connection, first answer.
        var any = Stopwatch.StartNew();
        await page.GotoAsync($"{host.Address}/cluster");
        await page.Locator("table").First.WaitForAsync();
        any.Stop();

        var opened = Stopwatch.StartNew();
        await page.GotoAsync(host.Address);
        await RowsAsync(page, 50);
        var searched = Stopwatch.StartNew();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("study-15");
        await RowsAsync(page, 10);
        searched.Stop();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Show all {Studies} studies" }).ClickAsync();
        await RowsAsync(page, Studies);
        output.WriteLine($"{Studies} studies: opened and listed in {(opened.Elapsed - searched.Elapsed).TotalMilliseconds:F0} ms, searched in {searched.Elapsed.TotalMilliseconds:F0} ms; the page of the cluster opens in {any.Elapsed.TotalMilliseconds:F0} ms.");
        Assert.True(opened.Elapsed < Longest, $"It took {opened.Elapsed}.");
    }

    // Looked for at every frame; an expectation would look once in a while.
    private static Task RowsAsync(IPage page, int count) => page.WaitForFunctionAsync("count => document.querySelectorAll('tbody tr').length === count", count);
}
