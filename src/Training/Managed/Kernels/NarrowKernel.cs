using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// The inner loop where vectors are narrower than 512 bits: up to six rows by two vectors, which with two of B and a broadcast of A fill
/// the 16 registers of AVX2 or SSE. A panel's columns are taken in parts of two vectors; each element is the same chain of multiply-adds
/// as in <see cref="MicroKernel"/>. The two kernels differ in the width of their vectors alone.
/// </summary>
internal static unsafe class NarrowKernel
{
    internal const int MaximumRows = 6;

    /// <summary>As <see cref="MicroKernel.Run"/>, for panels of any width.</summary>
    internal static void Run<TByRow, TAdd>(
        int rows, nint depth, float* a, nint lda, float* b, int width, nint panelStride, float* c, nint ldc, nint cPanelStride, float* addend, nint panels)
        where TByRow : struct, ISwitch
        where TAdd : struct, ISwitch
    {
        for (; panels > 0; panels--, b += panelStride, c += cPanelStride, addend += cPanelStride)
        {
            if (Vector256.IsHardwareAccelerated)
            {
                for (int column = 0; column < width; column += Kernel256.Width)
                {
                    Kernel256.Run<TByRow, TAdd>(rows, depth, a, lda, b + column, width, c + column, ldc, addend + column);
                }
            }
            else
            {
                for (int column = 0; column < width; column += Kernel128.Width)
                {
                    Kernel128.Run<TByRow, TAdd>(rows, depth, a, lda, b + column, width, c + column, ldc, addend + column);
                }
            }
        }
    }

    private static class Kernel256
    {
        internal const int Width = 16;

        internal static void Run<TByRow, TAdd>(int rows, nint depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, float* addend)
            where TByRow : struct, ISwitch
            where TAdd : struct, ISwitch
        {
            switch (rows)
            {
                case 1: Multiply<MicroKernel.Rows1, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 2: Multiply<MicroKernel.Rows2, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 3: Multiply<MicroKernel.Rows3, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 4: Multiply<MicroKernel.Rows4, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 5: Multiply<MicroKernel.Rows5, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                default: Multiply<MicroKernel.Rows6, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<TRows, TByRow, TAdd>(nint depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, float* addend)
            where TRows : struct, IRows
            where TByRow : struct, ISwitch
            where TAdd : struct, ISwitch
        {
            Vector256<float> zero = Vector256<float>.Zero;
            Vector256<float> l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero, l4 = zero, r4 = zero, l5 = zero, r5 = zero;
            float* a0 = a, a3 = a + (3 * lda);
            nint step = TByRow.On ? 1 : lda;
            for (nint k = depth; k > 0; k--)
            {
                Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8), x;
                b += ldb;
                if (TRows.Count > 0) { x = Vector256.Create(TByRow.On ? *a0 : a0[0]); l0 = Vector256.MultiplyAddEstimate(x, b0, l0); r0 = Vector256.MultiplyAddEstimate(x, b1, r0); }
                if (TRows.Count > 1) { x = Vector256.Create(TByRow.On ? a0[lda] : a0[1]); l1 = Vector256.MultiplyAddEstimate(x, b0, l1); r1 = Vector256.MultiplyAddEstimate(x, b1, r1); }
                if (TRows.Count > 2) { x = Vector256.Create(TByRow.On ? a0[2 * lda] : a0[2]); l2 = Vector256.MultiplyAddEstimate(x, b0, l2); r2 = Vector256.MultiplyAddEstimate(x, b1, r2); }
                if (TRows.Count > 3) { x = Vector256.Create(TByRow.On ? *a3 : a0[3]); l3 = Vector256.MultiplyAddEstimate(x, b0, l3); r3 = Vector256.MultiplyAddEstimate(x, b1, r3); }
                if (TRows.Count > 4) { x = Vector256.Create(TByRow.On ? a3[lda] : a0[4]); l4 = Vector256.MultiplyAddEstimate(x, b0, l4); r4 = Vector256.MultiplyAddEstimate(x, b1, r4); }
                if (TRows.Count > 5) { x = Vector256.Create(TByRow.On ? a3[2 * lda] : a0[5]); l5 = Vector256.MultiplyAddEstimate(x, b0, l5); r5 = Vector256.MultiplyAddEstimate(x, b1, r5); }
                a0 += step;
                a3 += step;
            }

            if (TRows.Count > 0) { Finish<TAdd>(c, addend, 0, l0, r0); }
            if (TRows.Count > 1) { Finish<TAdd>(c, addend, ldc, l1, r1); }
            if (TRows.Count > 2) { Finish<TAdd>(c, addend, 2 * ldc, l2, r2); }
            if (TRows.Count > 3) { Finish<TAdd>(c, addend, 3 * ldc, l3, r3); }
            if (TRows.Count > 4) { Finish<TAdd>(c, addend, 4 * ldc, l4, r4); }
            if (TRows.Count > 5) { Finish<TAdd>(c, addend, 5 * ldc, l5, r5); }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Finish<TAdd>(float* c, float* addend, nint offset, Vector256<float> left, Vector256<float> right)
            where TAdd : struct, ISwitch
        {
            Vector256.Store(TAdd.On ? left + Vector256.Load(addend + offset) : left, c + offset);
            Vector256.Store(TAdd.On ? right + Vector256.Load(addend + offset + 8) : right, c + offset + 8);
        }
    }

    private static class Kernel128
    {
        internal const int Width = 8;

        internal static void Run<TByRow, TAdd>(int rows, nint depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, float* addend)
            where TByRow : struct, ISwitch
            where TAdd : struct, ISwitch
        {
            switch (rows)
            {
                case 1: Multiply<MicroKernel.Rows1, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 2: Multiply<MicroKernel.Rows2, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 3: Multiply<MicroKernel.Rows3, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 4: Multiply<MicroKernel.Rows4, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                case 5: Multiply<MicroKernel.Rows5, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
                default: Multiply<MicroKernel.Rows6, TByRow, TAdd>(depth, a, lda, b, ldb, c, ldc, addend); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<TRows, TByRow, TAdd>(nint depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, float* addend)
            where TRows : struct, IRows
            where TByRow : struct, ISwitch
            where TAdd : struct, ISwitch
        {
            Vector128<float> zero = Vector128<float>.Zero;
            Vector128<float> l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero, l4 = zero, r4 = zero, l5 = zero, r5 = zero;
            float* a0 = a, a3 = a + (3 * lda);
            nint step = TByRow.On ? 1 : lda;
            for (nint k = depth; k > 0; k--)
            {
                Vector128<float> b0 = Vector128.Load(b), b1 = Vector128.Load(b + 4), x;
                b += ldb;
                if (TRows.Count > 0) { x = Vector128.Create(TByRow.On ? *a0 : a0[0]); l0 = Vector128.MultiplyAddEstimate(x, b0, l0); r0 = Vector128.MultiplyAddEstimate(x, b1, r0); }
                if (TRows.Count > 1) { x = Vector128.Create(TByRow.On ? a0[lda] : a0[1]); l1 = Vector128.MultiplyAddEstimate(x, b0, l1); r1 = Vector128.MultiplyAddEstimate(x, b1, r1); }
                if (TRows.Count > 2) { x = Vector128.Create(TByRow.On ? a0[2 * lda] : a0[2]); l2 = Vector128.MultiplyAddEstimate(x, b0, l2); r2 = Vector128.MultiplyAddEstimate(x, b1, r2); }
                if (TRows.Count > 3) { x = Vector128.Create(TByRow.On ? *a3 : a0[3]); l3 = Vector128.MultiplyAddEstimate(x, b0, l3); r3 = Vector128.MultiplyAddEstimate(x, b1, r3); }
                if (TRows.Count > 4) { x = Vector128.Create(TByRow.On ? a3[lda] : a0[4]); l4 = Vector128.MultiplyAddEstimate(x, b0, l4); r4 = Vector128.MultiplyAddEstimate(x, b1, r4); }
                if (TRows.Count > 5) { x = Vector128.Create(TByRow.On ? a3[2 * lda] : a0[5]); l5 = Vector128.MultiplyAddEstimate(x, b0, l5); r5 = Vector128.MultiplyAddEstimate(x, b1, r5); }
                a0 += step;
                a3 += step;
            }

            if (TRows.Count > 0) { Finish<TAdd>(c, addend, 0, l0, r0); }
            if (TRows.Count > 1) { Finish<TAdd>(c, addend, ldc, l1, r1); }
            if (TRows.Count > 2) { Finish<TAdd>(c, addend, 2 * ldc, l2, r2); }
            if (TRows.Count > 3) { Finish<TAdd>(c, addend, 3 * ldc, l3, r3); }
            if (TRows.Count > 4) { Finish<TAdd>(c, addend, 4 * ldc, l4, r4); }
            if (TRows.Count > 5) { Finish<TAdd>(c, addend, 5 * ldc, l5, r5); }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Finish<TAdd>(float* c, float* addend, nint offset, Vector128<float> left, Vector128<float> right)
            where TAdd : struct, ISwitch
        {
            Vector128.Store(TAdd.On ? left + Vector128.Load(addend + offset) : left, c + offset);
            Vector128.Store(TAdd.On ? right + Vector128.Load(addend + offset + 4) : right, c + offset + 4);
        }
    }
}
