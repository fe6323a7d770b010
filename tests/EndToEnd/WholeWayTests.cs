using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SlungOrleans.EndToEnd.Exports;
using Xunit.Abstractions;

namespace SlungOrleans.EndToEnd;

/// <summary>A researcher's whole way through the dashboard: launch, watch, pause, a killed silo, resume, compare, export, import elsewhere.</summary>
public sealed partial class WholeWayTests(ITestOutputHelper log)
{
    private const string Study = "whole";
    private const int Runs = 6;
    private const int Steps = 300;
    private const float Minutes = 60_000;

    private readonly long _started = Stopwatch.GetTimestamp();

    [BrowserFact]
    public async Task Dashboard_LaunchToImportElsewhereOverAKilledSilo_ShowsTheFiguresOfAnUndisturbedStudy()
    {
        using var folder = new TemporaryFolder();
        var (here, there, undisturbed) = (Path.Combine(folder.Path, "here"), Path.Combine(folder.Path, "there"), Path.Combine(folder.Path, "undisturbed"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LabTab.StartBrowserAsync(playwright);

        // One device at first: the runs come one after another, and the pause finds one under way however many cores there are.
        var (first, address) = await SiloProcess.ServeAsync(here, ("Lab__Devices", "1"));
        await using var tab = await LabTab.OpenAsync(browser, address);
        string yaml;
        string[] paused;
        await using (first)
        {
            yaml = await LaunchAsync(tab);
            Say("launched");
            await WatchAsync(tab);
            Say("watched");
            paused = await PauseAsync(tab, here);
            Assert.Empty(tab.TakeComplaints());
            await first.KillAsync();
            await Assertions.Expect(tab.ConnectionLost).ToBeVisibleAsync();
        }

        await Pictures.KeepAsync(tab.Page, "way-lost");
        var stepsWhenKilled = await tab.StepsAsync();
        var (second, _) = await SiloProcess.ServeAsync(here, address);
        await using var disposeSecond = second;
        Say("killed and started again");

        // Nobody reloads the page.
        await Assertions.Expect(tab.ConnectionLost).ToBeHiddenAsync();
        await Assertions.Expect(tab.State).ToHaveTextAsync("paused");
        await Assertions.Expect(tab.Runs).ToHaveCountAsync(Runs);
        await Pictures.KeepAsync(tab.Page, "way-paused-again");
        Assert.Equal(stepsWhenKilled, await tab.StepsAsync());
        Assert.All(tab.TakeComplaints(), complaint => Assert.Matches(OfALostConnection(), complaint));
        Assert.Equal(paused, Committed(here));
        await tab.PressAsync("Resume");
        await Assertions.Expect(tab.State).ToHaveTextAsync("completed", new() { Timeout = 5 * Minutes });
        Say("resumed and completed");

        var (exitCode, output) = await SiloProcess.RunAsync(undisturbed, "study", "run", folder.Write("undisturbed.yaml", yaml));
        Assert.True(exitCode == 0, output);
        Say("run undisturbed");
        Assert.Equal(await StudyOutcome.ReadAsync(undisturbed, Study), await StudyOutcome.ReadAsync(here, Study));
        var losses = await ReadLossesAsync(tab, folder.Path);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Compare the arms" }).ClickAsync();
        var compared = await tab.ReadComparisonAsync();
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(undisturbed, "blobs", "studies", Study, "comparison.json")))!;
        Assert.All(Verdicts(expected), verdict => Assert.Contains(verdict, Plain(compared), StringComparison.Ordinal));
        Assert.Equal(Figures(expected), await ReadCsvAsync(tab, folder.Path));
        var archive = await tab.DownloadAsync(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Whole study (zip)" }), folder.Path);
        await OpenReportOfflineAsync(tab, browser, folder, Verdicts(expected));
        Say("compared and exported");

        var (other, otherAddress) = await SiloProcess.ServeAsync(there);
        await using var disposeOther = other;
        await using var otherTab = await LabTab.OpenAsync(browser, otherAddress);
        await otherTab.GoToAsync("import");
        await otherTab.ChooseArchiveAsync(archive);
        await otherTab.Page.WaitForURLAsync($"**/studies/{Study}");
        Assert.Equal(losses, await ReadLossesAsync(otherTab, folder.Path));
        await otherTab.Page.GetByRole(AriaRole.Link, new() { Name = "Compare the arms" }).ClickAsync();
        Assert.Equal(compared, await otherTab.ReadComparisonAsync());
        Assert.Equal(Figures(expected), await ReadCsvAsync(otherTab, folder.Path));
        await Pictures.KeepAsync(otherTab.Page, "way-imported");
        Say("imported");

        Assert.Empty(tab.Foreign.Concat(otherTab.Foreign));
        Assert.Empty(tab.TakeComplaints().Concat(otherTab.TakeComplaints()));
    }

    /// <summary>Launches a study from the form. Returns its text.</summary>
    private static async Task<string> LaunchAsync(LabTab tab)
    {
        await tab.GoToAsync("launch");
        var yaml = tab.Page.GetByRole(AriaRole.Textbox, new() { Name = "YAML" });
        await yaml.FillAsync(SmallStudy.Yaml(Study, arms: "[full, masked]"));
        await Assertions.Expect(tab.Field("seeds")).ToHaveValueAsync("0, 1");
        await tab.FillAsync("seeds", "0, 1, 2");
        await tab.FillAsync("training-steps", $"{Steps}");
        await Assertions.Expect(yaml).ToHaveValueAsync(new Regex($"seeds: \\[0, 1, 2\\][\\s\\S]*steps: {Steps}\n"));
        var launched = await yaml.InputValueAsync();
        await Pictures.KeepAsync(tab.Page, "way-launch");
        await tab.PressAsync("Launch");
        await tab.Page.WaitForURLAsync($"**/studies/{Study}");
        return launched;
    }

    /// <summary>Sees the steps and the loss curves of the runs grow, on the page as it was opened.</summary>
    private static async Task WatchAsync(LabTab tab)
    {
        await tab.Page.EvaluateAsync("window.notReloaded = true");
        await Assertions.Expect(tab.State).ToHaveTextAsync("running");
        var points = await tab.CurvesBeyondAsync(0);
        var steps = await tab.StepsBeyondAsync(0);
        await tab.CurvesBeyondAsync(points);
        await tab.StepsBeyondAsync(steps);
        Assert.True(await tab.Page.EvaluateAsync<bool>("window.notReloaded === true"));
    }

    /// <summary>Pauses the study and waits until its runs have stopped. Returns what they have committed.</summary>
    private static async Task<string[]> PauseAsync(LabTab tab, string data)
    {
        await tab.PressAsync("Pause");
        await Assertions.Expect(tab.State).ToHaveTextAsync("paused");
        await Assertions.Expect(tab.Runs.Locator(".badge", new() { HasText = "running" })).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Runs.Locator(".badge", new() { HasText = "paused" })).Not.ToHaveCountAsync(0);
        return Committed(data);
    }

    /// <summary>All that runs have written: checkpoints and metrics.</summary>
    private static string[] Committed(string data) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(data, "blobs", "runs"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(data, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];

    private static async Task OpenReportOfflineAsync(LabTab tab, IBrowser browser, TemporaryFolder folder, IEnumerable<string> verdicts)
    {
        var opened = await tab.Page.RunAndWaitForPopupAsync(() => tab.Page.GetByRole(AriaRole.Link, new() { Name = "Report (HTML)" }).ClickAsync());
        var report = await opened.Context.APIRequest.GetAsync(opened.Url);
        var file = new Uri(folder.Write("report.html", await report.BodyAsync()));
        await opened.CloseAsync();
        await using var context = await browser.NewContextAsync(new() { Offline = true });
        var requests = new List<string>();
        context.Request += (_, request) => requests.Add(request.Url);
        var page = await context.NewPageAsync();
        await page.GotoAsync(file.ToString());
        await Assertions.Expect(page.Locator("figure svg").First).ToBeVisibleAsync();
        var text = Plain(await page.Locator(".verdicts").First.InnerTextAsync());
        Assert.All(verdicts, verdict => Assert.Contains(verdict, text, StringComparison.Ordinal));
        Assert.Equal([file.ToString()], requests);
    }

    /// <summary>The loss of every step of every run, as the study page's CSV gives it.</summary>
    private static async Task<string> ReadLossesAsync(LabTab tab, string folder)
    {
        await tab.CurvesBeyondAsync((Runs * Steps) - 1);
        var curves = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Loss curves" });
        return await File.ReadAllTextAsync(await tab.DownloadAsync(curves.GetByRole(AriaRole.Button, new() { Name = "CSV" }), folder));
    }

    /// <summary>Every mean, interval, deviation and number of seeds, as the compare page's CSV gives them.</summary>
    private static async Task<string[]> ReadCsvAsync(LabTab tab, string folder)
    {
        var results = tab.Page.Locator("section[aria-label='Results']");
        var file = await tab.DownloadAsync(results.GetByRole(AriaRole.Button, new() { Name = "CSV" }), folder);
        return [.. (await File.ReadAllLinesAsync(file)).Skip(1).Select(line => string.Join(',', line.Split(',')[..8])).Distinct()];
    }

    private static string[] Figures(JsonNode comparison) =>
    [
        .. comparison["summaries"]!.AsArray().Select(summary => string.Join(
            ',', new[] { "metric", "amount", "arm", "mean", "low", "high", "standardDeviation", "n" }.Select(field => $"{summary![field]}"))),
    ];

    private static string[] Verdicts(JsonNode comparison) => [.. comparison["verdicts"]!.AsArray().Select(verdict => (string)verdict!["sentence"]!)];

    /// <summary>With the signs and spaces of a file, not of print.</summary>
    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u2212', '-');

    private void Say(string what) => log.WriteLine($"{Stopwatch.GetElapsedTime(_started).TotalSeconds:F1} s: {what}");

    [GeneratedRegex("ERR_CONNECTION_REFUSED|WebSocket|Server timeout elapsed|Connection disconnected|Failed to fetch|Failed to complete negotiation|Failed to start the connection")]
    private static partial Regex OfALostConnection();
}
