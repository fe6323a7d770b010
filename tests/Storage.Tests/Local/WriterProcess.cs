using System.Diagnostics;

namespace SlungOrleans.Storage.Tests.Local;

/// <summary>Starts this test project's own program (Program.cs).</summary>
internal static class WriterProcess
{
    internal static Process Start(params string[] arguments) => Launch("dotnet", [typeof(WriterProcess).Assembly.Location, .. arguments]);

    /// <summary>Starts it in a mount namespace of its own, where a file system of the given size is mounted on the folder.</summary>
    internal static Process StartOnSmallDisk(string folder, string size, params string[] arguments) => Launch(
        "unshare",
        ["--mount", "--map-root-user", "sh", "-c", "mount -t tmpfs -o size=$1 tmpfs \"$2\" && shift 2 && exec dotnet \"$@\"", "sh", size, folder,
            typeof(WriterProcess).Assembly.Location, .. arguments]);

    /// <summary>What it wrote, line by line, once it has ended well.</summary>
    internal static async Task<string[]> LinesAsync(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(process.ExitCode == 0, errors);
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static Process Launch(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}

/// <summary>A fact that needs a file system of its own.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!IsPermitted())
        {
            Skip = "This user may not mount a file system in a namespace of its own (unshare --mount --map-root-user).";
        }
    }

    private static bool IsPermitted()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        string[] arguments = ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs", Path.GetTempPath()];
        using Process process = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
