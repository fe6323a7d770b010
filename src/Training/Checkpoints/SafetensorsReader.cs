using System.Runtime.InteropServices;

namespace SlungOrleans.Training;

/// <summary>
/// Reads a safetensors file, one tensor or a part of one at a time. The header is checked before anything is read by it: its length against
/// the file's, offsets without gaps or overlaps, shapes against lengths, no name twice.
/// </summary>
public sealed class SafetensorsReader
{
    private const int ChunkOfElements = 1 << 20;

    private readonly Stream _stream;
    private readonly string _source;
    private readonly SafetensorsHeader _header;
    private readonly long _dataStart;
    private ushort[]? _narrow;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file from its beginning; its length must be known, and the reader does not dispose it.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="types">The types that its tensors may have; F32 alone if none is given.</param>
    /// <exception cref="SafetensorsException">It is not a safetensors file of such tensors.</exception>
    public SafetensorsReader(Stream stream, string source, params IReadOnlyList<SafetensorsType> types)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(types);
        _stream = stream;
        _source = source;
        _header = SafetensorsHeader.Read(stream, source, types.Count > 0 ? types : [SafetensorsType.F32]);
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
        Read(tensor, 0, destination);
    }

    /// <summary>Reads a part of a tensor, such as some of its rows.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="first">The first element, row-major.</param>
    /// <param name="destination">Receives as many values as it is long.</param>
    /// <exception cref="SafetensorsException">The file ends early: it was changed since its header was read.</exception>
    public void Read(SafetensorsTensor tensor, long first, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + destination.Length, tensor.Length);
        long position = _dataStart + tensor.Offset + (first * tensor.Type.ElementBytes());
        if (_stream.Position != position)
        {
            _stream.Position = position;
        }

        for (int done = 0; done < destination.Length; done += ChunkOfElements)
        {
            Span<float> chunk = destination.Slice(done, Math.Min(ChunkOfElements, destination.Length - done));
            if (tensor.Type == SafetensorsType.F32)
            {
                SafetensorsHeader.ReadExactly(_stream, MemoryMarshal.AsBytes(chunk), _source);
            }
            else
            {
                Span<ushort> narrow = (_narrow ??= new ushort[ChunkOfElements]).AsSpan(0, chunk.Length);
                SafetensorsHeader.ReadExactly(_stream, MemoryMarshal.AsBytes(narrow), _source);
                SafetensorsElements.Widen(tensor.Type, narrow, chunk);
            }
        }
    }
}
