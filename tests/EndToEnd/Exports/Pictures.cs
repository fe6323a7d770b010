using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd.Exports;

/// <summary>Pictures of pages for people to look at, kept where <c>SLUNGORLEANS_PICTURES</c> names a folder.</summary>
internal static class Pictures
{
    public static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SLUNGORLEANS_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }
}
