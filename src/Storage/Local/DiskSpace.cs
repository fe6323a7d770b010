namespace SlungOrleans.Storage;

/// <summary>Tells a full disk from other failures.</summary>
internal static class DiskSpace
{
    private const int NoSpaceLeft = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    internal static bool IsExhausted(Exception failure) =>
        failure is IOException { HResult: NoSpaceLeft or LinuxQuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull };
}
