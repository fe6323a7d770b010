using System.Diagnostics;
using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Storage;

// Keeps every other host away from a database: activations are single only within one process. The operating system lets go of
// the lock when the process ends, however it ends. A locked file cannot be read by others, so the holder's name has its own.
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    public static DatabaseLock Acquire(string databasePath)
    {
        var ownerPath = databasePath + ".owner";
        FileStream file;
        try
        {
            file = new(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            var owner = File.Exists(ownerPath) ? File.ReadAllText(ownerPath).Trim() : "another host";
            throw new OrleansConfigurationException(
                $"The database '{databasePath}' is in use by {owner}; only one process at a time can host its grains. Stop that process, or use another database.",
                exception);
        }

        using var process = Process.GetCurrentProcess();
        File.WriteAllText(ownerPath, string.Create(
            CultureInfo.InvariantCulture,
            $"process {process.Id} ({process.ProcessName}) on {Environment.MachineName}, started {process.StartTime.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC\n"));
        return new(file);
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION of Windows: the runtime gives these no exception of their own.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
