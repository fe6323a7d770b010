using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Hosting;

/// <summary>The folder of everything that the lab keeps.</summary>
internal static class DataFolder
{
    /// <exception cref="LabException">The folder cannot be made or written to.</exception>
    public static void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".write-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"The data folder '{path}' cannot be used: {exception.Message}");
        }
    }
}
