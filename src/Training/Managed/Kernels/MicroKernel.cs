using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.Intrinsics.Vector512;

namespace SlungOrleans.Training.Managed;

internal interface IRows
{
    static abstract int Count { get; }
}

internal interface ISwitch
{
    static abstract bool On { get; }
}

internal readonly struct On : ISwitch
{
    static bool ISwitch.On => true;
}

internal readonly struct Off : ISwitch
{
    static bool ISwitch.On => false;
}

/// <summary>
/// The inner loop of every matrix product: up to 14 rows by 32 columns (or 16) of the product stay in registers over the whole depth.
/// The type arguments are constants to the compiler, which leaves of this one method only what an instance needs: at 14 rows 28 sums,
/// two vectors of B and a broadcast of A fill the 32 registers of AVX-512. Each element is a chain of fused multiply-adds in order of
/// depth, the same for every number of rows: a row's result does not depend on the rows beside it.
/// </summary>
internal static unsafe class MicroKernel
{
    internal const int Columns = 32;

    /// <summary>Depth from which asking for C pays.</summary>
    private const int Deep = 64;

    /// <summary>Most rows: what 32 registers of 512 bits hold.</summary>
    internal const int MaximumRows = 14;

    /// <summary>C = A B or C = addend + A B for some rows and panel after panel of B.</summary>
    /// <param name="rows">Rows, 1 to 14.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="a">A's first element; element (row, k) is at row · lda + k if TByRow, else at k · lda + row.</param>
    /// <param name="lda">A's stride.</param>
    /// <param name="b">B's first panel: depth × 32 (16).</param>
    /// <param name="ldb">B's stride: columns of its panels.</param>
    /// <param name="panelStride">From a panel to the next.</param>
    /// <param name="c">C's first element, in rows.</param>
    /// <param name="ldc">Stride of C and of the addend.</param>
    /// <param name="cPanelStride">From a panel's columns of C to the next panel's.</param>
    /// <param name="addend">First element of what is added; may be C.</param>
    /// <param name="panels">How many panels.</param>
    internal static void Run<TByRow, TAdd, TWide>(
        int rows, nint depth, float* a, nint lda, float* b, nint ldb, nint panelStride, float* c, nint ldc, nint cPanelStride, float* addend, nint panels)
        where TByRow : struct, ISwitch
        where TAdd : struct, ISwitch
        where TWide : struct, ISwitch
    {
        switch (rows)
        {
            case 1: Multiply<Rows1, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 2: Multiply<Rows2, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 3: Multiply<Rows3, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 4: Multiply<Rows4, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 5: Multiply<Rows5, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 6: Multiply<Rows6, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 7: Multiply<Rows7, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 8: Multiply<Rows8, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 9: Multiply<Rows9, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 10: Multiply<Rows10, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 11: Multiply<Rows11, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 12: Multiply<Rows12, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            case 13: Multiply<Rows13, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
            default: Multiply<Rows14, TByRow, TAdd, TWide>(depth, a, lda, b, ldb, panelStride, c, ldc, cPanelStride, addend, panels); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows, TByRow, TAdd, TWide>(
        nint depth, float* a, nint lda, float* b, nint ldb, nint panelStride, float* c, nint ldc, nint cPanelStride, float* addend, nint panels)
        where TRows : struct, IRows
        where TByRow : struct, ISwitch
        where TAdd : struct, ISwitch
        where TWide : struct, ISwitch
    {
        for (; panels > 0; panels--)
        {
            Vector512<float> zero = Vector512<float>.Zero;
            Vector512<float> l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero, l4 = zero, r4 = zero;
            Vector512<float> l5 = zero, r5 = zero, l6 = zero, r6 = zero, l7 = zero, r7 = zero, l8 = zero, r8 = zero, l9 = zero, r9 = zero;
            Vector512<float> l10 = zero, r10 = zero, l11 = zero, r11 = zero, l12 = zero, r12 = zero, l13 = zero, r13 = zero;

            // What comes from far away is asked for on the way through the depth, a line or two each time, which leaves the rest of the
            // memory's queue to B: first the tile of the addend, then that of C, both wanted at the end, then the A of the rows after these.
            float* nextA = a + (TByRow.On ? TRows.Count * lda : 2 * MaximumRows), asked = nextA;
            nint nextStep = lda, step = lda, askForC = -1, askForA = -1;
            if (depth >= Deep)
            {
                asked = TAdd.On ? addend : c;
                step = ldc;
                askForC = TAdd.On && addend != c ? depth - TRows.Count : -1;
                askForA = depth - (askForC < 0 ? TRows.Count : 2 * TRows.Count);
                nextStep = TByRow.On ? TRows.Count * lda / askForA : lda;
            }

            // A by row: five pointers, three rows apart, reach 14 rows without more registers.
            float* a0 = a, a3 = a + (3 * lda), a6 = a + (6 * lda), a9 = a + (9 * lda), a12 = a + (12 * lda);
            float* row0 = b;
            for (nint k = depth; k > 0; k--)
            {
                Vector512<float> b0 = Load(row0);
                Vector512<float> b1 = TWide.On ? Load(row0 + 16) : default;
                Vector512<float> x;
                row0 += ldb;
                if (k == askForC)
                {
                    asked = c;
                }
                else if (k == askForA)
                {
                    asked = nextA;
                    step = nextStep;
                }

                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(asked);
                    Sse.Prefetch0(asked + 16);
                    asked += step;
                }

                if (TRows.Count > 0) { x = Create(TByRow.On ? *a0 : a0[0]); l0 = Fma(x, b0, l0); if (TWide.On) { r0 = Fma(x, b1, r0); } }
                if (TRows.Count > 1) { x = Create(TByRow.On ? a0[lda] : a0[1]); l1 = Fma(x, b0, l1); if (TWide.On) { r1 = Fma(x, b1, r1); } }
                if (TRows.Count > 2) { x = Create(TByRow.On ? a0[2 * lda] : a0[2]); l2 = Fma(x, b0, l2); if (TWide.On) { r2 = Fma(x, b1, r2); } }
                if (TRows.Count > 3) { x = Create(TByRow.On ? *a3 : a0[3]); l3 = Fma(x, b0, l3); if (TWide.On) { r3 = Fma(x, b1, r3); } }
                if (TRows.Count > 4) { x = Create(TByRow.On ? a3[lda] : a0[4]); l4 = Fma(x, b0, l4); if (TWide.On) { r4 = Fma(x, b1, r4); } }
                if (TRows.Count > 5) { x = Create(TByRow.On ? a3[2 * lda] : a0[5]); l5 = Fma(x, b0, l5); if (TWide.On) { r5 = Fma(x, b1, r5); } }
                if (TRows.Count > 6) { x = Create(TByRow.On ? *a6 : a0[6]); l6 = Fma(x, b0, l6); if (TWide.On) { r6 = Fma(x, b1, r6); } }
                if (TRows.Count > 7) { x = Create(TByRow.On ? a6[lda] : a0[7]); l7 = Fma(x, b0, l7); if (TWide.On) { r7 = Fma(x, b1, r7); } }
                if (TRows.Count > 8) { x = Create(TByRow.On ? a6[2 * lda] : a0[8]); l8 = Fma(x, b0, l8); if (TWide.On) { r8 = Fma(x, b1, r8); } }
                if (TRows.Count > 9) { x = Create(TByRow.On ? *a9 : a0[9]); l9 = Fma(x, b0, l9); if (TWide.On) { r9 = Fma(x, b1, r9); } }
                if (TRows.Count > 10) { x = Create(TByRow.On ? a9[lda] : a0[10]); l10 = Fma(x, b0, l10); if (TWide.On) { r10 = Fma(x, b1, r10); } }
                if (TRows.Count > 11) { x = Create(TByRow.On ? a9[2 * lda] : a0[11]); l11 = Fma(x, b0, l11); if (TWide.On) { r11 = Fma(x, b1, r11); } }
                if (TRows.Count > 12) { x = Create(TByRow.On ? *a12 : a0[12]); l12 = Fma(x, b0, l12); if (TWide.On) { r12 = Fma(x, b1, r12); } }
                if (TRows.Count > 13) { x = Create(TByRow.On ? a12[lda] : a0[13]); l13 = Fma(x, b0, l13); if (TWide.On) { r13 = Fma(x, b1, r13); } }

                if (TByRow.On)
                {
                    a0++;
                    a3++;
                    a6++;
                    a9++;
                    a12++;
                }
                else
                {
                    a0 += lda;
                }
            }

            float* to = c, from = addend;

            if (TRows.Count > 0) { Finish<TAdd, TWide>(to, from, l0, r0); to += ldc; from += ldc; }
            if (TRows.Count > 1) { Finish<TAdd, TWide>(to, from, l1, r1); to += ldc; from += ldc; }
            if (TRows.Count > 2) { Finish<TAdd, TWide>(to, from, l2, r2); to += ldc; from += ldc; }
            if (TRows.Count > 3) { Finish<TAdd, TWide>(to, from, l3, r3); to += ldc; from += ldc; }
            if (TRows.Count > 4) { Finish<TAdd, TWide>(to, from, l4, r4); to += ldc; from += ldc; }
            if (TRows.Count > 5) { Finish<TAdd, TWide>(to, from, l5, r5); to += ldc; from += ldc; }
            if (TRows.Count > 6) { Finish<TAdd, TWide>(to, from, l6, r6); to += ldc; from += ldc; }
            if (TRows.Count > 7) { Finish<TAdd, TWide>(to, from, l7, r7); to += ldc; from += ldc; }
            if (TRows.Count > 8) { Finish<TAdd, TWide>(to, from, l8, r8); to += ldc; from += ldc; }
            if (TRows.Count > 9) { Finish<TAdd, TWide>(to, from, l9, r9); to += ldc; from += ldc; }
            if (TRows.Count > 10) { Finish<TAdd, TWide>(to, from, l10, r10); to += ldc; from += ldc; }
            if (TRows.Count > 11) { Finish<TAdd, TWide>(to, from, l11, r11); to += ldc; from += ldc; }
            if (TRows.Count > 12) { Finish<TAdd, TWide>(to, from, l12, r12); to += ldc; from += ldc; }
            if (TRows.Count > 13) { Finish<TAdd, TWide>(to, from, l13, r13); to += ldc; from += ldc; }

            b += panelStride;
            c += cPanelStride;
            addend += cPanelStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fma(Vector512<float> x, Vector512<float> y, Vector512<float> sum) => MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TAdd, TWide>(float* c, float* addend, Vector512<float> left, Vector512<float> right)
        where TAdd : struct, ISwitch
        where TWide : struct, ISwitch
    {
        Vector512.Store(TAdd.On ? left + Load(addend) : left, c);
        if (TWide.On)
        {
            Vector512.Store(TAdd.On ? right + Load(addend + 16) : right, c + 16);
        }
    }

    internal readonly struct Rows1 : IRows
    {
        public static int Count => 1;
    }

    internal readonly struct Rows2 : IRows
    {
        public static int Count => 2;
    }

    internal readonly struct Rows3 : IRows
    {
        public static int Count => 3;
    }

    internal readonly struct Rows4 : IRows
    {
        public static int Count => 4;
    }

    internal readonly struct Rows5 : IRows
    {
        public static int Count => 5;
    }

    internal readonly struct Rows6 : IRows
    {
        public static int Count => 6;
    }

    internal readonly struct Rows7 : IRows
    {
        public static int Count => 7;
    }

    internal readonly struct Rows8 : IRows
    {
        public static int Count => 8;
    }

    internal readonly struct Rows9 : IRows
    {
        public static int Count => 9;
    }

    internal readonly struct Rows10 : IRows
    {
        public static int Count => 10;
    }

    internal readonly struct Rows11 : IRows
    {
        public static int Count => 11;
    }

    internal readonly struct Rows12 : IRows
    {
        public static int Count => 12;
    }

    internal readonly struct Rows13 : IRows
    {
        public static int Count => 13;
    }

    internal readonly struct Rows14 : IRows
    {
        public static int Count => 14;
    }
}
