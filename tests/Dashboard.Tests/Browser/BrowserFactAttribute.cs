namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>A test that needs Debian's chromium; skipped, with the reason, where it is not installed.</summary>
internal class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium))
        {
            Skip = $"There is no browser at {Chromium}.";
        }
    }
}
