using System.Runtime.InteropServices;

namespace SlungOrleans.Training;

/// <summary>
/// Reads a safetensors file of F32 tensors, one tensor at a time. The header is checked before anything is read by it: its length against
/// the file's, offsets without gaps or overlaps, shapes against lengths, no name twice.
/// </summary>
public sealed class SafetensorsReader
{
    private const int ChunkOfElements = 1 << 20;

    private readonly Stream _stream;
    private readonly string _source;
    private readonly SafetensorsHeader _header;
    private readonly long _dataStart;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file from its beginning; its length must be known, and the reader does not dispose it.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="SafetensorsException">It is not a safetensors file of F32 tensors.</exception>
    public SafetensorsReader(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _source = source;
        _header = SafetensorsHeader.Read(stream, source);
        _dataStart = stream.Position;
    }

    /// <summary>The tensors, in the order of their values in the file.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>The file's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Reads a tensor. In the order of <see cref="Tensors"/> the stream need not seek.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Receives its values, row-major; exactly as long as the tensor.</param>
    /// <exception cref="SafetensorsException">The file ends early: it was changed since its header was read.</exception>
    public void Read(SafetensorsTensor tensor, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, tensor.Length);
        if (_stream.Position != _dataStart + tensor.Offset)
        {
            _stream.Position = _dataStart + tensor.Offset;
        }

        while (!destination.IsEmpty)
        {
            Span<float> chunk = destination[..Math.Min(ChunkOfElements, destination.Length)];
            SafetensorsHeader.ReadExactly(_stream, MemoryMarshal.AsBytes(chunk), _source);
            destination = destination[chunk.Length..];
        }
    }
}
