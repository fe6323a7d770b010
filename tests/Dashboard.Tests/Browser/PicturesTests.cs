using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>
/// Takes pictures of every page, wide and narrow, light and dark, for a person to look at:
/// <c>SLUNGORLEANS_PICTURES=folder dotnet test tests/Dashboard.Tests --filter Pictures</c>.
/// </summary>
public sealed class PicturesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string FolderVariable = "SLUNGORLEANS_PICTURES";

    [PicturesFact]
    public async Task Take_EveryPage_LeavesPictures()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var empty = await DashboardHost.StartAsync(new InMemoryLab { Samples = lab.Samples, Reader = lab.Reader });
        var pages = BrowserFixture.Pages(lab).Select(page => (page.Name, Address: host.Address + page.Address)).Append(("empty", empty.Address)).ToArray();
        foreach (var (width, height) in new[] { (1280, 860), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                var page = await context.NewPageAsync();
                foreach (var (name, address) in pages)
                {
                    await page.GotoAsync(address);
                    await page.Locator("h1").WaitForAsync();
                    await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                    var path = Path.Combine(folder, $"{name}-{width}-{scheme}.png");
                    await page.ScreenshotAsync(new() { Path = path, FullPage = true });
                    Assert.True(File.Exists(path));
                }
            }
        }
    }

    private sealed class PicturesFactAttribute : BrowserFactAttribute
    {
        public PicturesFactAttribute()
        {
            if (Environment.GetEnvironmentVariable(FolderVariable) is null)
            {
                Skip = $"{FolderVariable} names no folder for the pictures.";
            }
        }
    }
}
