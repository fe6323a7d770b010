using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <summary>
/// A file of a checkpoint as it goes to the store, named after its hash. Tensors are hashed while those before them are written: what is
/// known of the file is known when it has been read to its end.
/// </summary>
/// <param name="shapes">The tensors' names and shapes, in the order of the file.</param>
/// <param name="read">Copies a tensor's values out.</param>
/// <param name="nameStart">What the name begins with.</param>
internal sealed class CheckpointContent(
    IEnumerable<(string Name, IReadOnlyList<int> Shape)> shapes, Action<int, Span<float>> read, string nameStart) : INamedContent
{
    private readonly SafetensorsHeader _header = SafetensorsHeader.Of(shapes);
    private Task<byte[]>[] _hashes = [];

    public string Name => $"{nameStart}-{Describe().Sha256}.safetensors";

    public Stream OpenRead()
    {
        _hashes = new Task<byte[]>[_header.Tensors.Count];
        return new SafetensorsStream(_header.Tensors.Select(tensor => (tensor.Name, tensor.Shape)), Take);
    }

    /// <summary>Hashes and lengths of the file and of its tensors, after it has been read to its end.</summary>
    internal CheckpointFileDescription Describe()
    {
        byte[] header = _header.ToBytes();
        byte[][] hashes = Task.WhenAll(_hashes).GetAwaiter().GetResult();
        return new CheckpointFileDescription(
            HashOf(SHA256.HashData(header), hashes),
            header.Length + _header.DataBytes,
            [.. _header.Tensors.Zip(hashes, (tensor, hash) => (tensor.Name, tensor.Shape, Convert.ToHexStringLower(hash), tensor.Bytes))]);
    }

    /// <summary>A file's hash: SHA-256 of the SHA-256 of its header and of each tensor's values, in the order of the file.</summary>
    internal static string HashOf(byte[] header, IEnumerable<byte[]> tensors) =>
        Convert.ToHexStringLower(SHA256.HashData([.. header, .. tensors.SelectMany(hash => hash)]));

    private void Take(int index, Memory<byte> destination)
    {
        if (index >= SafetensorsStream.TensorsAtOnce)
        {
            // Whose memory this was.
            _hashes[index - SafetensorsStream.TensorsAtOnce].GetAwaiter().GetResult();
        }

        // From the second tensor on, some of the file is with the store.
        FaultPoints.Reach("checkpoint/upload");
        read(index, MemoryMarshal.Cast<byte, float>(destination.Span));
        _hashes[index] = Task.Run(() => SHA256.HashData(destination.Span));
    }
}

/// <summary>A file's hash and length, and those of every tensor's values.</summary>
internal sealed record CheckpointFileDescription(
    string Sha256, long Bytes, IReadOnlyList<(string Name, IReadOnlyList<int> Shape, string Sha256, long Bytes)> Tensors);
