using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>One browser for all tests.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (File.Exists(BrowserFactAttribute.Chromium))
        {
            _playwright = await Playwright.CreateAsync();
            Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox"] });
        }
    }

    public async Task DisposeAsync()
    {
        if (_playwright is not null)
        {
            await Browser.DisposeAsync();
            _playwright.Dispose();
        }
    }

    internal static IEnumerable<(string Name, string Address)> Pages(InMemoryLab lab)
    {
        var running = lab.Studies["invented-slurs-sweep"].Runs[1].Id;
        return
        [
            ("studies", "/"), ("launch", "/launch"), ("import", "/import"), ("completed", "/studies/quick-start"), ("compare", "/studies/quick-start/compare?seeds=true&smooth=0.9"), ("compare-live", "/studies/invented-slurs-sweep/compare"), ("live", "/studies/invented-slurs-sweep"), ("failed", "/studies/wrong-path"),
            ("run", "/runs/quick-start-unlikelihood-a50-s2"), ("run-live", $"/runs/{running}"), ("corpora", "/corpora"), ("corpus", "/corpora/invented-forum"),
            ("tagging", "/tagging"), ("tagging-job", $"/tagging/{SampleLab.TaggingJob}"), ("tagging-live", "/tagging/invented-base-live"), ("corpus-tagged", $"/corpora/invented-forum?job={SampleLab.TaggingJob}"),
            ("cluster", "/cluster"), ("audit-log", "/settings/audit"), ("settings", "/settings"),
            ("lens", "/studies/quick-start/lens"), ("playground", "/studies/quick-start/playground"), ("evaluations", "/evaluations?study=quick-start"),
        ];
    }
}
