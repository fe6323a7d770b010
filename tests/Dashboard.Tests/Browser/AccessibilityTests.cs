using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>What axe-core finds on the pages as a browser shows them.</summary>
public sealed class AccessibilityTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    // One line a finding: the rule, what it says, and the first elements that break it. Landmarks are how pages of so many tables are got about in.
    private const string Findings = """
        async () => {
          for (const closed of document.querySelectorAll('details')) { closed.open = true; }
          const found = (await axe.run(document, { resultTypes: ['violations'] })).violations;
          return found.filter(one => one.impact === 'serious' || one.impact === 'critical' || one.id === 'region' || one.id.startsWith('landmark-'))
            .map(one => `${one.id} (${one.impact}): ${one.help}: ` + one.nodes.slice(0, 4).map(node => `${node.target.join(' ')} ${node.any.concat(node.all, node.none).map(check => check.message).join('; ')}`).join(' | '));
        }
        """;

    [AxeFact]
    public async Task Open_EveryPageInBothThemes_NothingSeriousIsFoundAndLandmarksAreInOrder()
    {
        var lab = SampleResults.Create(DateTimeOffset.UtcNow);
        await lab.AddAsync("ada", "launch", "study", "quick-start");
        await lab.AddAsync("ada", "launch", "study", "quick-start", "There is another study of that name.");
        await using var host = await DashboardHost.StartAsync(lab);
        await using var empty = await DashboardHost.StartAsync(new InMemoryLab { Samples = lab.Samples, Reader = lab.Reader });
        await using var secured = await DashboardHost.StartAsync(lab, options => options.Tokens = [new SignInToken("ada", "a-token-of-the-tests")]);
        (string Name, string Address)[] pages =
        [
            .. BrowserFixture.Pages(lab).Select(page => (page.Name, host.Address + page.Address)),
            .. new[] { SampleResults.Recognition, SampleResults.Generation, SampleResults.Replies }.Select(id => (id, $"{host.Address}/evaluations/{id}")),
            ("not found", $"{host.Address}/no/where"), ("no study", $"{host.Address}/studies/nobody"), ("empty", empty.Address), ("sign-in", secured.Address),
        ];
        Assert.All(Routes(), route => Assert.Contains(pages, page => route.IsMatch(new Uri(page.Address).AbsolutePath)));
        var found = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 }, ColorScheme = scheme });
            await context.AddInitScriptAsync(scriptPath: AxeFactAttribute.Script);
            var page = await context.NewPageAsync();
            page.SetDefaultTimeout(120_000);
            foreach (var (name, address) in pages)
            {
                await OpenAsync(page, address);
                found.AddRange((await page.EvaluateAsync<string[]>(Findings)).Select(finding => $"{name}, {scheme}: {finding}"));
            }
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [AxeFact]
    public async Task Open_PageWithAPictureWithoutAName_IsFound()
    {
        await using var host = await DashboardHost.StartAsync(SampleLab.Create(DateTimeOffset.UtcNow));
        await using var context = await fixture.Browser.NewContextAsync();
        await context.AddInitScriptAsync(scriptPath: AxeFactAttribute.Script);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(120_000);
        await OpenAsync(page, host.Address);

        await page.EvaluateAsync("document.querySelector('main').append(document.createElement('img'))");

        Assert.StartsWith("image-alt (critical)", Assert.Single(await page.EvaluateAsync<string[]>(Findings)), StringComparison.Ordinal);
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.Locator("main h1").WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        // Before the font of the icons is there, their names are text.
        await page.EvaluateAsync<bool>("document.fonts.ready.then(() => true)");
    }

    // A page that is added is looked over too, or this says that it is not.
    private static IEnumerable<Regex> Routes() => typeof(DashboardOptions).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false).Cast<RouteAttribute>())
        .Select(route => new Regex($"^{Regex.Replace(route.Template, @"\{[^}]+\}", "[^/]+")}$", RegexOptions.CultureInvariant));
}
