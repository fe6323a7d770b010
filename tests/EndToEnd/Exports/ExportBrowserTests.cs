using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd.Exports;

[Collection(CompletedStudy.Collection)]
public sealed class ExportBrowserTests(CompletedStudy study)
{
    // Generous, for machines that train beside the tests.
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task Report_OpenedOffline_ShowsAllOfItAndAsksForNothing()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LabTab.StartBrowserAsync(playwright);
        await using var context = await browser.NewContextAsync(new() { Offline = true, ViewportSize = new() { Width = 1280, Height = 900 } });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        var requests = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => requests.Add(request.Url);
        var address = new Uri(study.Report).ToString();

        await page.GotoAsync(address);

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = CompletedStudy.Name })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".verdicts li").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("figure svg").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("figure", new() { HasText = "Loss as trained" }).Locator("path.line")).ToHaveCountAsync(3);
        await page.GetByText("Loss as trained, as a table").First.ClickAsync();
        await Assertions.Expect(page.Locator("figure tbody tr").First).ToBeVisibleAsync();
        foreach (var title in new[] { "Audit of the arms", "Lineage: study and corpora", "Lineage: runs", "Lineage: evaluations" })
        {
            await Assertions.Expect(page.Locator("summary", new() { HasText = title })).ToBeVisibleAsync();
        }

        await page.Locator("summary", new() { HasText = "Prompt 1 of" }).ClickAsync();
        var told = page.Locator("details[open] .told").First;
        Assert.Contains("blur", await told.EvaluateAsync<string>("element => getComputedStyle(element).filter"), StringComparison.Ordinal);
        await page.GetByLabel("Show the text").CheckAsync();
        Assert.Equal("none", await told.EvaluateAsync<string>("element => getComputedStyle(element).filter"));
        foreach (var width in new[] { 1280, 390 })
        {
            await page.SetViewportSizeAsync(width, 900);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, $"The report is wider than a screen of {width}.");
            await Pictures.KeepAsync(page, $"report-{width}");
        }

        Assert.Empty(complaints);
        Assert.Equal([address], requests);
    }

    [BrowserFact]
    public async Task Import_OfADownload_ComparesTheSame()
    {
        using var folder = new TemporaryFolder();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LabTab.StartBrowserAsync(playwright);
        var (here, hereAddress) = await SiloProcess.ServeAsync(study.Data);
        await using var disposeHere = here;
        var (there, thereAddress) = await SiloProcess.ServeAsync(Path.Combine(folder.Path, "other"));
        await using var disposeThere = there;
        await using var hereTab = await LabTab.OpenAsync(browser, hereAddress);
        await using var thereTab = await LabTab.OpenAsync(browser, thereAddress);
        var page = thereTab.Page;
        const string Compare = $"studies/{CompletedStudy.Name}/compare";

        await hereTab.GoToAsync(Compare);
        var original = await hereTab.ReadComparisonAsync();
        var download = await hereTab.DownloadAsync(hereTab.Page.GetByRole(AriaRole.Link, new() { Name = "Whole study (zip)" }), folder.Path);
        Assert.Equal("sent.zip", Path.GetFileName(download));
        Assert.Equal(await File.ReadAllBytesAsync(study.Archive), await File.ReadAllBytesAsync(download));
        var archive = Path.Combine(folder.Path, "downloaded.zip");
        File.Move(download, archive);

        await thereTab.GoToAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "Import…" }).ClickAsync();
        await thereTab.ChooseArchiveAsync(folder.Write("photo.zip", "not a zip archive"));
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("photo.zip: The file is not a zip archive");
        await Pictures.KeepAsync(page, "import-refused");
        await thereTab.ChooseArchiveAsync(archive);
        await page.WaitForURLAsync($"**/studies/{CompletedStudy.Name}");
        await Assertions.Expect(page.Locator(".imported")).ToContainTextAsync("downloaded.zip");
        await Pictures.KeepAsync(page, "imported-study");

        await thereTab.GoToAsync(Compare);
        Assert.Equal(original, await thereTab.ReadComparisonAsync());
        await Assertions.Expect(page.Locator(".imported")).ToContainTextAsync("downloaded.zip");
        await Pictures.KeepAsync(page, "imported-compare");
        await thereTab.GoToAsync("");
        await Assertions.Expect(page.GetByText("(imported)")).ToBeVisibleAsync();
    }
}
