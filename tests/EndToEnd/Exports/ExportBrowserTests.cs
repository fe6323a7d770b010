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
        await using var browser = await LaunchAsync(playwright);
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
        await using var browser = await LaunchAsync(playwright);
        var (here, hereAddress) = await SiloProcess.ServeAsync(study.Data);
        await using var disposeHere = here;
        var (there, thereAddress) = await SiloProcess.ServeAsync(Path.Combine(folder.Path, "other"));
        await using var disposeThere = there;
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        var compare = $"studies/{CompletedStudy.Name}/compare";

        await page.GotoAsync(new Uri(hereAddress, compare).ToString());
        var original = await ReadAsync(page);
        var archive = Path.Combine(folder.Path, "downloaded.zip");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Whole study (zip)" }).ClickAsync());
        Assert.Equal("sent.zip", download.SuggestedFilename);
        await download.SaveAsAsync(archive);
        Assert.Equal(await File.ReadAllBytesAsync(study.Archive), await File.ReadAllBytesAsync(archive));

        await page.GotoAsync(thereAddress.ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Import…" }).ClickAsync();

        // Faster than any person: the field takes files once Blazor has seen to it.
        await page.WaitForFunctionAsync("() => '_blazorInputFileNextFileId' in (document.getElementById('archive') ?? {})");
        await page.Locator("#archive").SetInputFilesAsync(folder.Write("photo.zip", "not a zip archive"));
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("photo.zip: The file is not a zip archive");
        await Pictures.KeepAsync(page, "import-refused");
        await page.Locator("#archive").SetInputFilesAsync(archive);
        await page.WaitForURLAsync($"**/studies/{CompletedStudy.Name}");
        await Assertions.Expect(page.Locator(".imported")).ToContainTextAsync("downloaded.zip");
        await Pictures.KeepAsync(page, "imported-study");

        await page.GotoAsync(new Uri(thereAddress, compare).ToString());
        Assert.Equal(original, await ReadAsync(page));
        await Assertions.Expect(page.Locator(".imported")).ToContainTextAsync("downloaded.zip");
        await Pictures.KeepAsync(page, "imported-compare");
        await page.GotoAsync(thereAddress.ToString());
        await Assertions.Expect(page.GetByText("(imported)")).ToBeVisibleAsync();
    }

    /// <summary>What the page says in words and figures.</summary>
    private static async Task<string> ReadAsync(IPage page)
    {
        var verdict = page.Locator("section[aria-labelledby='verdict-title']");
        var results = page.Locator("section[aria-label='Results']");
        var generations = page.Locator("section[aria-labelledby='generations-title']");
        var items = page.Locator("section[aria-labelledby='items-title']");
        await Assertions.Expect(results.Locator("tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(generations.Locator(".told").First).ToBeVisibleAsync();
        await Assertions.Expect(items.Locator(".tally")).ToBeVisibleAsync();
        return string.Join('\n', await verdict.InnerTextAsync(), await results.InnerTextAsync(), await items.Locator(".tally").InnerTextAsync(), await generations.InnerTextAsync());
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
}
