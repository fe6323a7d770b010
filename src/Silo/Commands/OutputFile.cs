using SlungOrleans.Contracts;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary>Files that commands write.</summary>
internal static class OutputFile
{
    /// <summary>Says before the work that a file could not be written.</summary>
    /// <exception cref="LabException">Its folder is not there.</exception>
    public static void EnsureFolder(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new LabException($"There is no folder '{folder}' to write '{Path.GetFileName(path)}' to.");
        }
    }

    /// <summary>
    /// Writes a file, over one that is there, and says its name: under it there is always a whole one, also if this fails or is cancelled. What is behind a link is
    /// replaced, not the link; a pipe or a device (<c>/dev/stdout</c>) takes the content as it comes.
    /// </summary>
    public static async Task WriteAsync(string path, Stream content, CancellationToken cancellation)
    {
        if (IsStandardOutput(path))
        {
            // Without the name: the content is all that is to be read there.
            await using var output = Console.OpenStandardOutput();
            await content.CopyToAsync(output, cancellation);
            return;
        }

        if (IsStream(path))
        {
            await using var stream = new FileStream(path, FileMode.Append, FileAccess.Write);
            await content.CopyToAsync(stream, cancellation);
        }
        else
        {
            var behind = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
            await ReplaceAsync(behind?.FullName ?? path, content, cancellation);
        }

        AnsiConsole.WriteLine(path);
    }

    private static async Task ReplaceAsync(string path, Stream content, CancellationToken cancellation)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew))
            {
                await content.CopyToAsync(file, cancellation);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static bool IsStandardOutput(string path) => Path.GetFullPath(path) is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    private static bool IsStream(string path)
    {
        var full = Path.GetFullPath(path);
        if (!OperatingSystem.IsWindows() && (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            return true;
        }

        if (!File.Exists(full))
        {
            return false;
        }

        // To read as well: to open a named pipe for writing alone waits for its reader.
        using var there = new FileStream(full, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return !there.CanSeek;
    }
}
