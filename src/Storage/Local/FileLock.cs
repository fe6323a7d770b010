namespace SlungOrleans.Storage;

/// <summary>
/// A lock among threads and processes: a file opened without sharing, which .NET backs with <c>flock</c>. The operating system
/// releases it when its holder dies. The file itself is never deleted: a deleted lock file can be held twice.
/// </summary>
public static class FileLock
{
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Waits for the lock; the returned stream's disposal gives it back.</summary>
    /// <param name="path">The lock's file, made if it is not there; its folder is there.</param>
    /// <param name="patience">How long to wait for another holder.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="TimeoutException">Another holder did not give it back in time.</exception>
    public static async Task<FileStream> TakeAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        for (int wait = 1; ; wait = Math.Min(2 * wait, 16))
        {
            if (TryTake(path) is { } held)
            {
                return held;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException($"The lock '{path}' has been held by another writer for {patience.TotalSeconds:F0} s.");
            }

            await Task.Delay(wait, cancellation).ConfigureAwait(false);
        }
    }

    internal static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException failure) when (failure.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }
}
