using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd;

/// <summary>A tab of a real browser on one lab, and what a person does in it. It keeps what must not be: requests to elsewhere, complaints.</summary>
internal sealed class LabTab : IAsyncDisposable
{
    // Generous, for machines that train beside the tests.
    private const float Patience = 120_000;

    private const string AllSteps = "[...document.querySelectorAll(\"[role=progressbar][aria-label^='Steps of ']\")].reduce((sum, bar) => sum + Number(bar.ariaValueNow), 0)";

    private readonly List<string> _foreign = [];
    private readonly List<string> _complaints = [];
    private readonly Uri _lab;
    private readonly IBrowserContext _context;

    private LabTab(Uri lab, IBrowserContext context, IPage page)
    {
        (_lab, _context, Page) = (lab, context, page);
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        context.Request += (_, request) => Ask(request.Url);
        context.Console += (_, message) => _complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        context.WebError += (_, error) => _complaints.Add(error.Error);
        page.WebSocket += (_, socket) => Ask(socket.Url.Replace("ws://", "http://", StringComparison.Ordinal));
    }

    public IPage Page { get; }

    /// <summary>Addresses beyond the lab that the browser asked.</summary>
    public IReadOnlyList<string> Foreign => _foreign;

    /// <summary>The state in the page's head.</summary>
    public ILocator State => Page.Locator(".page-head .badge");

    /// <summary>What the page says while the silo is dead.</summary>
    public ILocator ConnectionLost => Page.GetByText("The connection to the lab is lost.");

    public ILocator Runs => Page.Locator("section[aria-labelledby='runs-title'] tbody tr");

    public static async Task<LabTab> OpenAsync(IBrowser browser, Uri lab)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        return new LabTab(lab, context, await context.NewPageAsync());
    }

    public static Task<IBrowser> StartBrowserAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-gpu"] });

    public Task GoToAsync(string path) => Page.GotoAsync(new Uri(_lab, path).ToString());

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>A field of the launch page's form.</summary>
    public ILocator Field(string field) => Page.Locator($"#field-{field}");

    /// <summary>Fills a field of the launch page's form and leaves it.</summary>
    public async Task FillAsync(string field, string value)
    {
        await Field(field).FillAsync(value);
        await Field(field).BlurAsync();
    }

    /// <summary>Waits until the bars of all runs together have gone beyond so many steps. Returns their steps then.</summary>
    public async Task<long> StepsBeyondAsync(long steps)
    {
        await Page.WaitForFunctionAsync($"steps => {AllSteps} > steps", steps);
        return await StepsAsync();
    }

    public Task<long> StepsAsync() => Page.EvaluateAsync<long>($"() => {AllSteps}");

    /// <summary>Waits until the loss curves have been drawn with more than so many points. Returns how many they have then.</summary>
    public async Task<int> CurvesBeyondAsync(int points)
    {
        const string Plot = "section[aria-label='Loss curves'] .plot";
        await Page.WaitForFunctionAsync("([plot, points]) => Number(document.querySelector(plot)?.dataset.points ?? 0) > points", new object[] { Plot, points });
        return await Page.Locator(Plot).EvaluateAsync<int>("plot => Number(plot.dataset.points)");
    }

    /// <summary>What the compare page says in words and figures.</summary>
    public async Task<string> ReadComparisonAsync()
    {
        var verdict = Page.Locator("section[aria-labelledby='verdict-title']");
        var results = Page.Locator("section[aria-label='Results']");
        var generations = Page.Locator("section[aria-labelledby='generations-title']");
        var items = Page.Locator("section[aria-labelledby='items-title']");
        await Assertions.Expect(results.Locator("tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(generations.Locator(".told").First).ToBeVisibleAsync();
        await Assertions.Expect(items.Locator(".tally")).ToBeVisibleAsync();
        return string.Join('\n', await verdict.InnerTextAsync(), await results.InnerTextAsync(), await items.Locator(".tally").InnerTextAsync(), await generations.InnerTextAsync());
    }

    /// <summary>Clicks what downloads a file, and keeps it in a folder. Returns its path.</summary>
    public async Task<string> DownloadAsync(ILocator what, string folder)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => what.ClickAsync());
        var path = Path.Combine(folder, download.SuggestedFilename);
        await download.SaveAsAsync(path);
        return path;
    }

    /// <summary>Gives a file to the import page.</summary>
    public async Task ChooseArchiveAsync(string archive)
    {
        // Faster than any person: the field takes files once Blazor has seen to it.
        await Page.WaitForFunctionAsync("() => '_blazorInputFileNextFileId' in (document.getElementById('archive') ?? {})");
        await Page.Locator("#archive").SetInputFilesAsync(archive);
    }

    /// <summary>What the browser complained of since the last call.</summary>
    public IReadOnlyList<string> TakeComplaints()
    {
        string[] taken = [.. _complaints];
        _complaints.Clear();
        return taken;
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Ask(string address)
    {
        if (!address.StartsWith(_lab.ToString(), StringComparison.Ordinal) && !address.StartsWith("data:", StringComparison.Ordinal) && !address.StartsWith($"blob:{_lab}", StringComparison.Ordinal))
        {
            _foreign.Add(address);
        }
    }
}
