namespace SlungOrleans.Training;

/// <summary>Files of a model folder, by their plain names.</summary>
internal static class FolderFiles
{
    /// <summary>Reads a small file.</summary>
    /// <exception cref="HuggingFaceException">It is not there, or longer than such a file is.</exception>
    internal static byte[] ReadAll(string folder, string name, int longest)
    {
        using FileStream file = Open(folder, name);
        if (file.Length > longest)
        {
            throw new HuggingFaceException(folder, $"{name} has {file.Length} bytes, expected at most {longest}");
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    /// <exception cref="HuggingFaceException">It is not there.</exception>
    internal static FileStream Open(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan)
            : throw new HuggingFaceException(folder, $"there is no {name}");
    }

    /// <summary>Whether a name is that of a file in the folder itself, and not a way out of it.</summary>
    internal static bool IsPlain(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', ':', '\0']) < 0 && Path.GetFileName(name) == name;
}
