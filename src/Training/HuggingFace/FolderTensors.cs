using System.Text.Json;

namespace SlungOrleans.Training;

/// <summary>The tensors of a folder's weights, whole in <c>model.safetensors</c> or in the shards that <c>model.safetensors.index.json</c> names.</summary>
/// <param name="Files">The files of tensors, in the order of their names.</param>
/// <param name="Tensors">Every tensor with the file that holds it.</param>
/// <param name="HasIndex">Whether there is an index.</param>
internal sealed record FolderTensors(
    IReadOnlyList<string> Files, IReadOnlyDictionary<string, (string File, SafetensorsTensor Tensor)> Tensors, bool HasIndex)
{
    internal const string WholeName = "model.safetensors";
    internal const string IndexName = "model.safetensors.index.json";
    internal const string Extension = ".safetensors";

    private const int LongestIndex = 1 << 24;

    internal static readonly SafetensorsType[] Types = [SafetensorsType.F32, SafetensorsType.BF16, SafetensorsType.F16];

    /// <summary>Reads the headers; no values.</summary>
    /// <exception cref="HuggingFaceException">A file is missing, or the index and the shards do not agree.</exception>
    /// <exception cref="SafetensorsException">A file is not a safetensors file that can be read.</exception>
    internal static FolderTensors Read(string folder)
    {
        bool whole = File.Exists(Path.Combine(folder, WholeName)), sharded = File.Exists(Path.Combine(folder, IndexName));
        if (whole && sharded)
        {
            throw new HuggingFaceException(folder, $"it has both {WholeName} and {IndexName}, expected one of them");
        }

        if (!whole && !sharded)
        {
            throw new HuggingFaceException(folder, $"it has neither {WholeName} nor {IndexName}; weights in other files (.bin, .pt) are not read");
        }

        Dictionary<string, string>? index = sharded ? ReadIndex(folder) : null;
        string[] files = index is null ? [WholeName] : [.. index.Values.Distinct().Order(StringComparer.Ordinal)];
        var tensors = new Dictionary<string, (string File, SafetensorsTensor Tensor)>();
        foreach (string file in files)
        {
            using FileStream stream = FolderFiles.Open(folder, file);
            foreach (SafetensorsTensor tensor in new SafetensorsReader(stream, stream.Name, Types).Tensors)
            {
                if (index is not null && index.GetValueOrDefault(tensor.Name) is var expected && expected != file)
                {
                    throw new HuggingFaceException(
                        folder, $"{file} holds the tensor '{tensor.Name}', which {IndexName} {(expected is null ? "does not name" : $"says is in {expected}")}");
                }

                tensors.Add(tensor.Name, (file, tensor));
            }
        }

        return index?.Keys.FirstOrDefault(name => !tensors.ContainsKey(name)) is { } missing
            ? throw new HuggingFaceException(folder, $"{IndexName} says that {index[missing]} holds the tensor '{missing}', which it does not")
            : new FolderTensors(files, tensors, sharded);
    }

    private static Dictionary<string, string> ReadIndex(string folder)
    {
        byte[] json = FolderFiles.ReadAll(folder, IndexName, LongestIndex);
        var index = new Dictionary<string, string>();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            foreach (JsonProperty entry in document.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                string file = entry.Value.GetString() ?? "";
                if (!FolderFiles.IsPlain(file) || !file.EndsWith(Extension, StringComparison.Ordinal))
                {
                    throw new HuggingFaceException(
                        folder, $"{IndexName} says that the tensor '{entry.Name}' is in '{file}', expected the plain name of a {Extension} file of the folder");
                }

                index.Add(entry.Name, file);
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new HuggingFaceException(folder, $"{IndexName} is not an index of tensors ({failure.Message.TrimEnd('.')})", failure);
        }

        return index.Count > 0 ? index : throw new HuggingFaceException(folder, $"{IndexName} names no tensor");
    }
}
