namespace SlungOrleans.Corpora.Tests.Readers;

/// <summary>A test on real text, which lies outside the repository; skipped where it is not there.</summary>
internal sealed class RealDataFactAttribute : FactAttribute
{
    private const string Folder = "shared/data";

    public RealDataFactAttribute() => Skip = Find() is null ? $"needs the real text in {Folder} beside the repository" : null;

    public static string PathOf(string file) => Path.Combine(Find()!, file);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Folder);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
