using System.Runtime.InteropServices;

namespace SlungOrleans.Storage;

/// <summary>Makes the entries of a folder durable: a renamed file survives a power failure only once its folder has been synchronised.</summary>
internal static class Durability
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The operating system refused.</exception>
    internal static void SynchroniseFolder(string folder)
    {
        // Windows has no such call: NTFS keeps folders in its journal.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure("opened", folder);
        }

        try
        {
            if (Synchronise(descriptor) != 0)
            {
                throw Failure("synchronised", folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Creates a folder with those above it, durably.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    internal static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { Length: > 0 } above)
        {
            CreateFolder(above);
            Directory.CreateDirectory(folder);
            SynchroniseFolder(above);
        }
    }

    private static IOException Failure(string what, string folder) =>
        new($"The folder '{folder}' could not be {what}: {Marshal.GetLastPInvokeErrorMessage()}.", Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronise(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
