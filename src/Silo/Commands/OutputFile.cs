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
}
