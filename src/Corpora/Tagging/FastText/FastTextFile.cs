using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SlungOrleans.Corpora;

/// <summary>
/// Reads the numbers of a model file, which are little-endian. What the file says about sizes is believed only as far as its length allows,
/// so that a damaged file cannot have memory allocated that it does not fill.
/// </summary>
/// <param name="file">The file; seekable, left open.</param>
/// <param name="name">Its name, for error messages.</param>
internal sealed class FastTextFile(Stream file, string name)
{
    private const int ReadAtOnce = 1 << 20;
    private const int MostWordBytes = 1 << 30;

    private long Left => file.Length - file.Position;

    public CorpusFormatException Fault(string problem) => new($"{name}: {problem}");

    public void Check(bool holds, FormattableString problem)
    {
        if (!holds)
        {
            throw Fault(FormattableString.Invariant(problem));
        }
    }

    public int Int32(string field)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Fill(bytes, field);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public int Int32(string field, int least, int most)
    {
        var value = Int32(field);
        Check(value >= least && value <= most, $"{field} is {value}; expected {least} to {most}.");
        return value;
    }

    public long Int64(string field)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        Fill(bytes, field);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public byte Byte(string field)
    {
        var value = file.ReadByte();
        return value >= 0 ? (byte)value : throw EndsWithin(field);
    }

    /// <summary>Appends bytes up to a zero, which is read but not appended.</summary>
    public void ReadWord(List<byte> destination, string field)
    {
        for (var value = Byte(field); value != 0; value = Byte(field))
        {
            if (destination.Count == MostWordBytes)
            {
                throw Fault($"{field} is longer than {MostWordBytes} bytes.");
            }

            destination.Add(value);
        }
    }

    /// <summary>Reads a matrix of a known shape, row after row.</summary>
    public float[] ReadMatrix(string matrix, long rows, long columns)
    {
        var (foundRows, foundColumns) = (Int64($"the number of rows of {matrix}"), Int64($"the number of columns of {matrix}"));
        Check(foundRows == rows && foundColumns == columns, $"{matrix} is {foundRows} by {foundColumns}; expected {rows} by {columns}.");
        Check(rows * columns <= Array.MaxLength, $"{matrix} has {rows * columns} numbers; expected at most {Array.MaxLength}.");
        Check(rows * columns <= Left / sizeof(float), $"the file ends within {matrix}: {rows * columns * sizeof(float)} bytes are expected, {Left} are left.");
        var values = new float[rows * columns];
        for (var start = 0; start < values.Length; start += Math.Min(ReadAtOnce, values.Length - start))
        {
            var part = values.AsSpan(start, Math.Min(ReadAtOnce, values.Length - start));
            Fill(MemoryMarshal.AsBytes(part), matrix);
            foreach (var value in part)
            {
                if (!float.IsFinite(value))
                {
                    throw Fault(FormattableString.Invariant($"{matrix} holds {value}; expected finite numbers."));
                }
            }
        }

        return values;
    }

    /// <summary>That at least so many things of so many bytes are still to come.</summary>
    public void CheckRoom(long count, int bytes, string things) =>
        Check(count <= Left / bytes, $"the file ends within {things}: {count} of them are expected, {Left} bytes are left.");

    public void CheckEnd() => Check(Left == 0, $"bytes after the model: {Left}; expected none.");

    private void Fill(Span<byte> destination, string field)
    {
        var found = file.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (found < destination.Length)
        {
            throw EndsWithin(field);
        }
    }

    private CorpusFormatException EndsWithin(string field) => Fault($"the file ends within {field}.");
}
