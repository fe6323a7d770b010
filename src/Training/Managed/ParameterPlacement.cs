namespace SlungOrleans.Training.Managed;

/// <summary>Where the elements of a parameter are: element (row, column) is the region's (rows[row], columns[column]).</summary>
internal sealed unsafe class ParameterPlacement
{
    /// <summary>Rows that are copied together: their parts in a panel lie close to each other.</summary>
    private const int RowsAtOnce = 16;

    private readonly MatrixRegion _region;
    private readonly int[] _rows;
    private readonly int _columns;
    private readonly (int Column, int Input, int Count)[] _runs;

    internal ParameterPlacement(ParameterDescription description, MatrixRegion region, int[] rows, int[] columns)
    {
        Description = description;
        _region = region;
        _rows = rows;
        _columns = columns.Length;
        _runs = [.. Runs(columns)];
    }

    internal ParameterDescription Description { get; }

    internal int Rows => _rows.Length;

    internal int Columns => _columns;

    /// <summary>Copies the parameter out, row-major.</summary>
    internal void Read(float* tensors, Span<float> destination)
    {
        fixed (float* to = destination)
        {
            Copy(tensors, to, inwards: false);
        }
    }

    /// <summary>Copies the parameter in, row-major.</summary>
    internal void Write(float* tensors, ReadOnlySpan<float> source)
    {
        fixed (float* from = source)
        {
            Copy(tensors, from, inwards: true);
        }
    }

    /// <summary>Copies a row in.</summary>
    internal void WriteRow(float* tensors, int row, ReadOnlySpan<float> source)
    {
        foreach ((int column, int input, int count) in _runs)
        {
            source.Slice(column, count).CopyTo(new Span<float>(tensors + _region.IndexOf(_rows[row], input), count));
        }
    }

    private void Copy(float* tensors, float* flat, bool inwards)
    {
        for (int first = 0; first < _rows.Length; first += RowsAtOnce)
        {
            int last = Math.Min(first + RowsAtOnce, _rows.Length);
            foreach ((int column, int input, int count) in _runs)
            {
                for (int row = first; row < last; row++)
                {
                    float* inside = tensors + _region.IndexOf(_rows[row], input), outside = flat + ((long)row * _columns) + column;
                    long bytes = (long)count * sizeof(float);
                    Buffer.MemoryCopy(inwards ? outside : inside, inwards ? inside : outside, bytes, bytes);
                }
            }
        }
    }

    /// <summary>Columns that lie one behind the other, and in one panel.</summary>
    private static IEnumerable<(int Column, int Input, int Count)> Runs(int[] columns)
    {
        for (int start = 0, end; start < columns.Length; start = end)
        {
            end = start + 1;
            while (end < columns.Length && columns[end] == columns[end - 1] + 1 && columns[end] % MicroKernel.Columns != 0)
            {
                end++;
            }

            yield return (start, columns[start], end - start);
        }
    }
}
