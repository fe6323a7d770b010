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
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
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
}
