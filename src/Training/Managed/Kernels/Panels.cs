using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// A matrix as the micro-kernel reads it: its columns in panels of 32 (the last of 16 where an odd number of vectors is left), each panel
/// depth × width row after row. The panel that begins at column n begins at n · depth. Weights and gradients are kept so.
/// </summary>
/// <param name="data">The first panel.</param>
/// <param name="depth">Rows.</param>
/// <param name="columns">Columns, a multiple of 16.</param>
internal readonly unsafe struct Panels(float* data, int depth, int columns)
{
    internal float* Data { get; } = data;

    internal int Depth { get; } = depth;

    internal int Columns { get; } = columns;

    /// <summary>The width of the panel that begins at a column.</summary>
    internal int Width(int column) => Math.Min(MicroKernel.Columns, Columns - column);

    /// <summary>The panel that begins at a column.</summary>
    internal float* Panel(int column) => Data + ((nint)column * Depth);

    /// <summary>The panels from a column on, which is a multiple of 32.</summary>
    internal Panels From(int column) => new(Panel(column), Depth, Columns - column);

    /// <summary>Packs the rows of a matrix into panels that are as deep as it has rows. Row after row: that is how caches fetch ahead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Panels Pack(float* source, nint stride, int rows, int columns, float* destination)
    {
        nint panel = (nint)rows * MicroKernel.Columns;
        int whole = columns & -MicroKernel.Columns;
        for (int row = 0; row < rows; row++, source += stride)
        {
            float* to = destination + (row * MicroKernel.Columns);
            for (int column = 0; column < whole; column += MicroKernel.Columns, to += panel)
            {
                Vector512.Store(Vector512.Load(source + column), to);
                Vector512.Store(Vector512.Load(source + column + Lanes.Width), to + Lanes.Width);
            }

            if (whole < columns)
            {
                Vector512.Store(Vector512.Load(source + whole), destination + ((nint)whole * rows) + (row * Lanes.Width));
            }
        }

        return new Panels(destination, rows, columns);
    }

    /// <summary>Packs the transpose of a matrix: panels over its rows, as deep as it has columns. Rows up to the next vector are zeros.</summary>
    internal static Panels PackTransposed(float* source, nint stride, int rows, int columns, float* destination)
    {
        var panels = new Panels(destination, columns, Lanes.Pad(rows));
        panels.SetTransposed(source, stride, rows, columns, 0, 0);
        return panels;
    }

    /// <summary>Sets a part to the transpose of a matrix: its rows become columns from one on, a multiple of 32, its columns rows.</summary>
    internal void SetTransposed(float* source, nint stride, int rows, int columns, int firstColumn, int firstRow)
    {
        for (int row = 0; row < rows; row += Lanes.Width)
        {
            int start = firstColumn + (row & -MicroKernel.Columns), width = Width(start);
            float* to = Panel(start) + ((nint)firstRow * width) + (firstColumn + row - start);
            for (int column = 0; column < columns; column += Lanes.Width)
            {
                Transpose.Block(source + (row * stride) + column, stride, Math.Min(Lanes.Width, rows - row), to + ((nint)column * width), width);
            }
        }
    }

    /// <summary>Copies a row out.</summary>
    internal void CopyRowTo(int row, float* destination)
    {
        for (int column = 0; column < Columns; column += MicroKernel.Columns)
        {
            int width = Width(column);
            new ReadOnlySpan<float>(Panel(column) + ((nint)row * width), width).CopyTo(new Span<float>(destination + column, width));
        }
    }

    /// <summary>Adds values to a row.</summary>
    internal void AddToRow(int row, float* values)
    {
        for (int column = 0; column < Columns; column += MicroKernel.Columns)
        {
            int width = Width(column);
            VectorOperations.Add(values + column, Panel(column) + ((nint)row * width), width);
        }
    }
}
