using SlungOrleans.Storage;

namespace SlungOrleans.Training.Tests;

/// <summary>A folder that lasts as long as a test, with a blob store in it; in memory where there is such a file system.</summary>
public sealed class TestFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    public TestFolder()
    {
        Path = Directory.Exists(InMemory)
            ? System.IO.Path.Combine(InMemory, "slungorleans-" + Guid.NewGuid().ToString("N"))
            : Directory.CreateTempSubdirectory("slungorleans-").FullName;
        Store = new LocalBlobStore(Path);
    }

    public string Path { get; }

    public IBlobStore Store { get; }

    public IReadOnlyList<string> Files(string pattern = "*") =>
    [
        .. from file in Directory.EnumerateFiles(Path, pattern, SearchOption.AllDirectories)
           let name = System.IO.Path.GetRelativePath(Path, file)
           where !name.StartsWith('~')
           orderby name
           select name,
    ];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
