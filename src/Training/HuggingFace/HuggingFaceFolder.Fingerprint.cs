using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Training;

public sealed partial class HuggingFaceFolder
{
    /// <summary>SHA-256 of every file that a run started from the folder depends on, by name. Reads them whole.</summary>
    /// <param name="moments">Whether the optimizer's moments are taken, too.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public IReadOnlyDictionary<string, string> HashFiles(bool moments, CancellationToken cancellation = default)
    {
        string[] names =
        [
            ConfigFields.FileName,
            .. _tensors.Files,
            .. _tensors.HasIndex ? [FolderTensors.IndexName] : Array.Empty<string>(),
            .. HasTokenizer ? [TokenizerName] : Array.Empty<string>(),
            .. moments && MomentSteps is not null ? [OptimizerName] : Array.Empty<string>(),
        ];
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            using FileStream file = FolderFiles.Open(Path, name);
            hashes.Add(name, Convert.ToHexStringLower(SHA256.HashDataAsync(file, cancellation).AsTask().GetAwaiter().GetResult()));
        }

        return hashes;
    }

    /// <summary>One hash for all files: SHA-256 of a line <c>HASH  NAME</c> for each, in the order of their names, as <c>sha256sum</c> writes them.</summary>
    /// <param name="files">What <see cref="HashFiles"/> gave.</param>
    public static string Fingerprint(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        string lines = string.Concat(files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Value}  {file.Key}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
    }
}
