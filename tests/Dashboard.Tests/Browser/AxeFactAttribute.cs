namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>A test that needs axe-core and a browser; skipped, with the reason, where one is not installed.</summary>
internal sealed class AxeFactAttribute : BrowserFactAttribute
{
    public AxeFactAttribute()
    {
        if (!File.Exists(Script))
        {
            Skip ??= $"axe-core is not at {Script}; tests/tools/axe.sh installs it.";
        }
    }

    /// <summary>axe-core's script.</summary>
    public static string Script { get; } = Environment.GetEnvironmentVariable("AXE_CORE") ?? Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "slungorleans", "axe", "node_modules", "axe-core", "axe.min.js");
}
