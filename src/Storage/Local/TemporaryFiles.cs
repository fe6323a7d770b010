namespace SlungOrleans.Storage;

/// <summary>
/// The folder in which blobs are written before they are renamed to their names; on the same file system, and with a name that no
/// blob's part can have. A writer that dies leaves its file behind: it is stale once nobody holds it and it has aged.
/// </summary>
internal sealed class TemporaryFiles
{
    /// <summary>Between a writer's last byte and its rename, nobody holds the file: that is never this long.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    private readonly string _folder;

    internal TemporaryFiles(string root)
    {
        _folder = Path.Combine(root, "~temporary");
        Durability.CreateFolder(_folder);
    }

    internal string NewPath() => Path.Combine(_folder, Guid.NewGuid().ToString("N"));

    internal void SweepStale()
    {
        DateTime limit = DateTime.UtcNow - StaleAfter;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < limit && FileLock.TryTake(file.FullName) is { } held)
            {
                held.Dispose();
                file.Delete();
            }
        }
    }
}
