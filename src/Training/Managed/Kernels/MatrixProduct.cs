using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// Products of matrices in blocks (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008): a block of B
/// stays in the second-level cache, some rows of A in the first, their product in registers. A result does not depend on the number of
/// rows, nor on the machine's vectors.
/// </summary>
internal static unsafe class MatrixProduct
{
    // Measured: rows of A are read once for each block of B, so that a large one pays; columns of A share the cache with B, and a smaller one does.
    private const int DepthByRow = 704;
    private const int DepthByColumn = 512;
    private const int CacheByRow = 192 * 1024;
    private const int CacheByColumn = 96 * 1024;

    /// <summary>C = A B, or C = addend + A B if there is an addend (of C's stride).</summary>
    internal static void Multiply(
        float* a, nint lda, in Panels b, float* c, nint ldc, int rows, int columns, int depth, float* addend = null) =>
        MultiplyPart(a, lda, b, 0, c, ldc, rows, columns, depth, addend);

    /// <summary>As <see cref="Multiply"/>, with <paramref name="depth"/> rows of B from <paramref name="first"/>.</summary>
    internal static void MultiplyPart(
        float* a, nint lda, in Panels b, int first, float* c, nint ldc, int rows, int columns, int depth, float* addend)
    {
        int blocks = (depth + DepthByRow - 1) / DepthByRow;
        for (int block = 0; block < blocks; block++)
        {
            int from = (int)((long)depth * block / blocks), to = (int)((long)depth * (block + 1) / blocks);
            var target = new ProductTarget(c, ldc);
            float* added = block == 0 ? addend : c;
            if (added == null)
            {
                Block<On, Off>(a + from, lda, b, first + from, target, target, rows, columns, to - from);
            }
            else
            {
                Block<On, On>(a + from, lda, b, first + from, target, new ProductTarget(added, ldc), rows, columns, to - from);
            }
        }
    }

    /// <summary>C = Aᵀ B, or C += Aᵀ B; A has as many rows as B is deep.</summary>
    internal static void MultiplyTransposed(
        float* a, nint lda, in Panels b, in ProductTarget c, int rows, int columns, int depth, bool accumulate)
    {
        int blocks = (depth + DepthByColumn - 1) / DepthByColumn;
        for (int block = 0; block < blocks; block++)
        {
            int from = (int)((long)depth * block / blocks), to = (int)((long)depth * (block + 1) / blocks);
            if (accumulate || block > 0)
            {
                Block<Off, On>(a + (from * lda), lda, b, from, c, c, rows, columns, to - from);
            }
            else
            {
                Block<Off, Off>(a + (from * lda), lda, b, from, c, c, rows, columns, to - from);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TByRow, TAdd>(
        float* a, nint lda, in Panels b, int first, in ProductTarget c, in ProductTarget addend, int rows, int columns, int depth)
        where TByRow : struct, ISwitch
        where TAdd : struct, ISwitch
    {
        int wide = columns / MicroKernel.Columns;
        int panelsAtOnce = Math.Max(1, (TByRow.On ? CacheByRow : CacheByColumn) / (depth * MicroKernel.Columns));
        for (int panel = 0; panel < wide; panel += panelsAtOnce)
        {
            Rows<TByRow, TAdd>(
                a, lda, b, first, c, addend, rows, panel * MicroKernel.Columns, MicroKernel.Columns, Math.Min(panelsAtOnce, wide - panel), depth);
        }

        int last = wide * MicroKernel.Columns;
        if (last < columns)
        {
            Rows<TByRow, TAdd>(a, lda, b, first, c, addend, rows, last, b.Width(last), 1, depth);
        }
    }

    /// <summary>All rows of some panels' columns, in even groups of what the registers hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TByRow, TAdd>(
        float* a, nint lda, in Panels b, int first, in ProductTarget c, in ProductTarget addend, int rows, int column, int width, int panels, int depth)
        where TByRow : struct, ISwitch
        where TAdd : struct, ISwitch
    {
        float* start = b.Panel(column) + ((nint)first * width);
        float* to = c.At(column, width), added = addend.At(column, width);
        nint panelStride = (nint)b.Depth * MicroKernel.Columns, ldc = c.RowStride(width), cPanelStride = c.PanelStride;
        int most = Vector512.IsHardwareAccelerated ? MicroKernel.MaximumRows : NarrowKernel.MaximumRows;
        int groups = (rows + most - 1) / most;
        for (int group = 0; group < groups; group++)
        {
            int row = (int)((long)rows * group / groups), count = (int)((long)rows * (group + 1) / groups) - row;
            float* rowsOfA = a + (row * (TByRow.On ? lda : 1)), rowsOfC = to + (row * ldc), rowsOfAddend = added + (row * ldc);
            if (!Vector512.IsHardwareAccelerated)
            {
                NarrowKernel.Run<TByRow, TAdd>(count, depth, rowsOfA, lda, start, width, panelStride, rowsOfC, ldc, cPanelStride, rowsOfAddend, panels);
            }
            else if (width == MicroKernel.Columns)
            {
                int together = 0;
                if (TByRow.On && count <= FewRowsKernel.MaximumRows)
                {
                    together = panels & -FewRowsKernel.Panels;
                    FewRowsKernel.Run<TAdd>(count, depth, rowsOfA, lda, start, panelStride, rowsOfC, ldc, cPanelStride, rowsOfAddend, together / FewRowsKernel.Panels);
                }

                MicroKernel.Run<TByRow, TAdd, On>(
                    count, depth, rowsOfA, lda, start + (together * panelStride), width, panelStride, rowsOfC + (together * cPanelStride), ldc, cPanelStride,
                    rowsOfAddend + (together * cPanelStride), panels - together);
            }
            else
            {
                MicroKernel.Run<TByRow, TAdd, Off>(count, depth, rowsOfA, lda, start, width, panelStride, rowsOfC, ldc, cPanelStride, rowsOfAddend, panels);
            }
        }
    }
}
