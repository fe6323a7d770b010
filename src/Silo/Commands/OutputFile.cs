using SlungOrleans.Contracts;

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

    /// <summary>Writes a file, over one that is there: under its name there is always a whole one, also if this fails or is cancelled.</summary>
    public static async Task WriteAsync(string path, Stream content, CancellationToken cancellation)
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
}
