using System.Buffers.Binary;
using System.Text.Json;

namespace SlungOrleans.Training;

/// <summary>
/// The header of a safetensors file: its length in 8 bytes, then JSON, filled up with spaces (https://github.com/huggingface/safetensors,
/// section Format). Values follow without gaps.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = sizeof(ulong);
    private const int Alignment = 8;

    /// <summary>The reference implementation's limit.</summary>
    private const long LongestHeader = 100_000_000;

    internal long DataBytes => Tensors.Count == 0 ? 0 : Tensors[^1].Offset + Tensors[^1].Bytes;

    /// <param name="tensors">Names and shapes, in the order of the file.</param>
    /// <param name="type">The type of all of them.</param>
    /// <param name="metadata">What the file says of itself, besides its format.</param>
    internal static SafetensorsHeader Of(
        IEnumerable<(string Name, IReadOnlyList<int> Shape)> tensors,
        SafetensorsType type = SafetensorsType.F32,
        IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        var placed = new List<SafetensorsTensor>();
        long offset = 0;
        foreach ((string name, IReadOnlyList<int> shape) in tensors)
        {
            long bytes = type.ElementBytes() * shape.Aggregate(1L, (product, size) => product * size);
            placed.Add(new SafetensorsTensor(name, shape, offset, bytes) { Type = type });
            offset += bytes;
        }

        // "pt" is what Hugging Face's loaders ask for.
        return new SafetensorsHeader(placed, new Dictionary<string, string>([new("format", "pt"), .. metadata ?? []]));
    }

    internal byte[] ToBytes()
    {
        using var content = new MemoryStream();
        content.Write(new byte[LengthBytes]);
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach ((string key, string value) in Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            foreach (SafetensorsTensor tensor in Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteNumbers(json, "shape", tensor.Shape.Select(size => (long)size));
                WriteNumbers(json, "data_offsets", [tensor.Offset, tensor.Offset + tensor.Bytes]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (content.Length % Alignment != 0)
        {
            content.WriteByte((byte)' ');
        }

        byte[] bytes = content.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        return bytes;
    }

    /// <summary>Reads and checks a header; the stream stands at the first value afterwards.</summary>
    /// <exception cref="SafetensorsException">It breaks the format's rules, or holds other than the types that are expected.</exception>
    internal static SafetensorsHeader Read(Stream stream, string source, IReadOnlyList<SafetensorsType> types)
    {
        long length = stream.Length;
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (length < LengthBytes)
        {
            throw new SafetensorsException(source, $"it has {length} bytes, too few for the header's length");
        }

        ReadExactly(stream, prefix, source);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > (ulong)Math.Min(LongestHeader, length - LengthBytes))
        {
            throw new SafetensorsException(source, $"its header is said to have {headerBytes} bytes, the file has {length}, a header at most {LongestHeader}");
        }

        byte[] json = new byte[headerBytes];
        ReadExactly(stream, json, source);
        SafetensorsHeader header = Parse(json, source, types);
        long expected = LengthBytes + json.Length + header.DataBytes;
        return expected == length
            ? header
            : throw new SafetensorsException(source, $"it has {length} bytes, its header describes {expected}");
    }

    internal static void ReadExactly(Stream stream, Span<byte> destination, string source)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw new SafetensorsException(source, "it ends early");
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static SafetensorsHeader Parse(byte[] json, string source, IReadOnlyList<SafetensorsType> types)
    {
        try
        {
            if (json is not [(byte)'{', ..])
            {
                throw new SafetensorsException(source, "its header does not begin with '{'");
            }

            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            var metadata = new Dictionary<string, string>();
            var tensors = new List<SafetensorsTensor>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    metadata = property.Value.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
                }
                else
                {
                    tensors.Add(ParseTensor(property, source, types));
                }
            }

            return new SafetensorsHeader(InOrder(tensors, source), metadata);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SafetensorsException(source, $"its header is malformed ({failure.Message})", failure);
        }
    }

    private static SafetensorsTensor ParseTensor(JsonProperty property, string source, IReadOnlyList<SafetensorsType> types)
    {
        string name = property.Name;
        string? found = property.Value.GetProperty("dtype").GetString();
        int place = types.Select(known => known.ToString()).ToList().IndexOf(found ?? "");
        if (place < 0)
        {
            throw new SafetensorsException(source, $"tensor '{name}' is of type {found}, expected {string.Join(" or ", types)}");
        }

        SafetensorsType type = types[place];

        int[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [>= 0, var end] || end < offsets[0])
        {
            throw new SafetensorsException(source, $"tensor '{name}' has offsets [{string.Join(", ", offsets)}], expected a begin and an end");
        }

        UInt128 bytes = (UInt128)type.ElementBytes();
        foreach (int size in shape)
        {
            bytes = size < 0 ? UInt128.MaxValue : UInt128.Min(bytes * (uint)size, long.MaxValue);
        }

        return bytes == (UInt128)(end - offsets[0])
            ? new SafetensorsTensor(name, shape, offsets[0], end - offsets[0]) { Type = type }
            : throw new SafetensorsException(
                source,
                $"tensor '{name}' of shape [{string.Join(", ", shape)}] has {end - offsets[0]} bytes, expected {type.ElementBytes()} for each element");
    }

    private static List<SafetensorsTensor> InOrder(List<SafetensorsTensor> tensors, string source)
    {
        List<SafetensorsTensor> ordered = [.. tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Bytes)];
        long end = 0;
        foreach (SafetensorsTensor tensor in ordered)
        {
            if (tensor.Offset != end)
            {
                throw new SafetensorsException(source, $"tensor '{tensor.Name}' begins at {tensor.Offset}, expected {end}: tensors neither overlap nor leave gaps");
            }

            end = tensor.Offset + tensor.Bytes;
        }

        return ordered;
    }
}
