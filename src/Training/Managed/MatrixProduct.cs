using System.Runtime.CompilerServices;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// Products of matrices in blocks (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008): a block of B
/// stays in the second-level cache, some rows of A in the first, their product in registers. A result does not depend on the number of rows.
/// </summary>
internal static unsafe class MatrixProduct
{
    private const int DepthBlock = 512;
    private const int CacheBlock = 96 * 1024;

    /// <summary>C = A B, or C = addend + A B if there is an addend (of C's stride).</summary>
    internal static void Multiply(
        float* a, nint lda, in Panels b, float* c, nint ldc, int rows, int columns, int depth, float* addend = null)
    {
        int blocks = (depth + DepthBlock - 1) / DepthBlock;
        for (int block = 0; block < blocks; block++)
        {
            int from = (int)((long)depth * block / blocks), to = (int)((long)depth * (block + 1) / blocks);
            float* added = block == 0 ? addend : c;
            if (added == null)
            {
                Block<On, Off>(a + from, lda, b, from, c, ldc, rows, columns, to - from, c);
            }
            else
            {
                Block<On, On>(a + from, lda, b, from, c, ldc, rows, columns, to - from, added);
            }
        }
    }

    /// <summary>C = Aᵀ B, or C += Aᵀ B; A has as many rows as B is deep.</summary>
    internal static void MultiplyTransposed(
        float* a, nint lda, in Panels b, float* c, nint ldc, int rows, int columns, int depth, bool accumulate)
    {
        int blocks = (depth + DepthBlock - 1) / DepthBlock;
        for (int block = 0; block < blocks; block++)
        {
            int from = (int)((long)depth * block / blocks), to = (int)((long)depth * (block + 1) / blocks);
            if (accumulate || block > 0)
            {
                Block<Off, On>(a + (from * lda), lda, b, from, c, ldc, rows, columns, to - from, c);
            }
            else
            {
                Block<Off, Off>(a + (from * lda), lda, b, from, c, ldc, rows, columns, to - from, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TByRow, TAdd>(
        float* a, nint lda, in Panels b, int first, float* c, nint ldc, int rows, int columns, int depth, float* addend)
        where TByRow : struct, ISwitch
        where TAdd : struct, ISwitch
    {
        int groups = (rows + MicroKernel.MaximumRows - 1) / MicroKernel.MaximumRows;
        int wide = columns / MicroKernel.Columns;
        int panelsAtOnce = Math.Max(1, CacheBlock / (depth * MicroKernel.Columns));
        nint panelStride = (nint)b.Depth * MicroKernel.Columns;
        for (int panel = 0; panel < wide; panel += panelsAtOnce)
        {
            int panels = Math.Min(panelsAtOnce, wide - panel);
            int column = panel * MicroKernel.Columns;
            float* start = b.Panel(column) + ((nint)first * MicroKernel.Columns);
            for (int group = 0; group < groups; group++)
            {
                int row = (int)((long)rows * group / groups), count = (int)((long)rows * (group + 1) / groups) - row;
                nint offset = (row * ldc) + column;
                MicroKernel.Run<TByRow, TAdd, On>(
                    count, depth, TByRow.On ? a + (row * lda) : a + row, lda, start, MicroKernel.Columns, panelStride, c + offset, ldc, addend + offset, panels);
            }
        }

        int last = wide * MicroKernel.Columns;
        if (last < columns)
        {
            int width = b.Width(last);
            float* start = b.Panel(last) + ((nint)first * width);
            for (int group = 0; group < groups; group++)
            {
                int row = (int)((long)rows * group / groups), count = (int)((long)rows * (group + 1) / groups) - row;
                nint offset = (row * ldc) + last;
                MicroKernel.Run<TByRow, TAdd, Off>(
                    count, depth, TByRow.On ? a + (row * lda) : a + row, lda, start, width, panelStride, c + offset, ldc, addend + offset, 1);
            }
        }
    }
}
