namespace SlungOrleans.Training;

/// <summary>Copies a tensor's values out.</summary>
/// <param name="index">Which of the tensors.</param>
/// <param name="destination">
/// Receives the values, row-major, in the file's type; exactly as long as the tensor. It holds them while the source is asked for the <see cref="SafetensorsStream.TensorsAtOnce"/> - 1 tensors after it.
/// </param>
public delegate void TensorSource(int index, Memory<byte> destination);

/// <summary>
/// A safetensors file that is made while it is read, forwards, holding three tensors at a time: a model is written to a store without
/// a second copy of it.
/// </summary>
public sealed class SafetensorsStream : Stream
{
    /// <summary>How many tensors are held: while one is written the source may still be busy with those before it.</summary>
    internal const int TensorsAtOnce = 3;

    private readonly IReadOnlyList<SafetensorsTensor> _tensors;
    private readonly TensorSource _source;
    private readonly byte[] _header;
    private readonly byte[][] _values;
    private int _loaded = -1;
    private int _tensor;
    private long _position;

    /// <summary>Creates a file.</summary>
    /// <param name="tensors">The tensors' names, each once, and shapes; in the order of the file.</param>
    /// <param name="source">Gives their values.</param>
    /// <param name="type">The type of their elements.</param>
    /// <param name="metadata">What the file says of itself, besides its format.</param>
    public SafetensorsStream(
        IEnumerable<(string Name, IReadOnlyList<int> Shape)> tensors,
        TensorSource source,
        SafetensorsType type = SafetensorsType.F32,
        IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsHeader header = SafetensorsHeader.Of(tensors, type, metadata);
        _tensors = header.Tensors;
        _source = source;
        _header = header.ToBytes();
        _values = [.. Enumerable.Range(0, TensorsAtOnce).Select(Buffer)];
        Length = _header.Length + header.DataBytes;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("A file that is being made is read forwards.");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> ready = Ready().Span;
        int count = Math.Min(ready.Length, buffer.Length);
        ready[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <remarks>Hands over whole tensors: nothing is copied on the way.</remarks>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        for (ReadOnlyMemory<byte> ready = Ready(); !ready.IsEmpty; ready = Ready())
        {
            await destination.WriteAsync(ready, cancellationToken).ConfigureAwait(false);
            _position += ready.Length;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A file that is being made is read forwards.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The file is read here, not written.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The file is read here, not written.");

    /// <summary>Bytes that can be had at the position without another tensor; none at the end.</summary>
    private ReadOnlyMemory<byte> Ready()
    {
        if (_position < _header.Length)
        {
            return _header.AsMemory((int)_position);
        }

        long offset = _position - _header.Length;
        while (_tensor < _tensors.Count && offset >= _tensors[_tensor].Offset + _tensors[_tensor].Bytes)
        {
            _tensor++;
        }

        if (_tensor == _tensors.Count)
        {
            return default;
        }

        SafetensorsTensor tensor = _tensors[_tensor];
        Memory<byte> values = _values[_tensor % TensorsAtOnce].AsMemory(0, (int)tensor.Bytes);
        if (_loaded != _tensor)
        {
            _source(_tensor, values);
            _loaded = _tensor;
        }

        return values[(int)(offset - tensor.Offset)..];
    }

    /// <summary>For every third tensor.</summary>
    private byte[] Buffer(int first) => GC.AllocateUninitializedArray<byte>((int)_tensors.Where((_, index) => index % TensorsAtOnce == first).Select(tensor => tensor.Bytes).DefaultIfEmpty().Max());
}
