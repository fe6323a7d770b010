namespace SlungOrleans.Training;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where its values begin, in bytes after the header.</param>
/// <param name="Bytes">How long they are.</param>
public sealed record SafetensorsTensor(string Name, IReadOnlyList<int> Shape, long Offset, long Bytes)
{
    /// <summary>The type of its elements.</summary>
    public SafetensorsType Type { get; init; }

    /// <summary>Its number of elements.</summary>
    public long Length => Bytes / Type.ElementBytes();
}

/// <summary>The type of a tensor's elements in a safetensors file, under the file's own names.</summary>
public enum SafetensorsType
{
    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>The upper half of single precision.</summary>
    BF16,

    /// <summary>IEEE 754 half precision.</summary>
    F16,
}

/// <summary>From the elements of safetensors files to single precision, and back.</summary>
internal static class SafetensorsElements
{
    internal static int ElementBytes(this SafetensorsType type) => type == SafetensorsType.F32 ? sizeof(float) : sizeof(ushort);

    /// <summary>Exact: both types are subsets of single precision.</summary>
    internal static void Widen(SafetensorsType type, ReadOnlySpan<ushort> source, Span<float> destination)
    {
        if (type == SafetensorsType.BF16)
        {
            for (int i = 0; i < source.Length; i++)
            {
                destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
            }
        }
        else
        {
            for (int i = 0; i < source.Length; i++)
            {
                destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
            }
        }
    }

    /// <summary>To the nearest BF16, ties to even, as PyTorch rounds; not-a-number stays one.</summary>
    internal static void RoundToBF16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);
            destination[i] = float.IsNaN(source[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
