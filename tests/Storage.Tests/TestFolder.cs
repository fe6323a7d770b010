namespace SlungOrleans.Storage.Tests;

/// <summary>A folder that lasts as long as a test.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("slungorleans-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
