namespace SlungOrleans.EndToEnd;

/// <summary>A test in a real browser; skipped, with the reason, where there is none.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium))
        {
            Skip = $"{Chromium} is not there; on Debian: apt-get install chromium.";
        }
    }
}
