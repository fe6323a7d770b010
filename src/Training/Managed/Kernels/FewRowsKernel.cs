using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.Intrinsics.Vector512;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// The inner loop for up to three rows, as in generation: four panels at a time, because the two sums of a row in one panel would wait for
/// each other. Each element is the same chain of multiply-adds as in <see cref="MicroKernel"/>.
/// </summary>
internal static unsafe class FewRowsKernel
{
    internal const int MaximumRows = 3;

    /// <summary>Panels at a time.</summary>
    internal const int Panels = 4;

    private const int Ahead = 16 * MicroKernel.Columns;

    /// <summary>As <see cref="MicroKernel.Run"/>, for groups of four panels of 32 columns.</summary>
    internal static void Run<TAdd>(
        int rows, nint depth, float* a, nint lda, float* b, nint panelStride, float* c, nint ldc, nint cPanelStride, float* addend, nint groups)
        where TAdd : struct, ISwitch
    {
        switch (rows)
        {
            case 1: Multiply<MicroKernel.Rows1, TAdd>(depth, a, lda, b, panelStride, c, ldc, cPanelStride, addend, groups); break;
            case 2: Multiply<MicroKernel.Rows2, TAdd>(depth, a, lda, b, panelStride, c, ldc, cPanelStride, addend, groups); break;
            default: Multiply<MicroKernel.Rows3, TAdd>(depth, a, lda, b, panelStride, c, ldc, cPanelStride, addend, groups); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows, TAdd>(
        nint depth, float* a, nint lda, float* b, nint panelStride, float* c, nint ldc, nint cPanelStride, float* addend, nint groups)
        where TRows : struct, IRows
        where TAdd : struct, ISwitch
    {
        for (; groups > 0; groups--)
        {
            Vector512<float> zero = Vector512<float>.Zero;
            Vector512<float> s0x0 = zero, s0x1 = zero, s0x2 = zero, s0x3 = zero, s0x4 = zero, s0x5 = zero, s0x6 = zero, s0x7 = zero;
            Vector512<float> s1x0 = zero, s1x1 = zero, s1x2 = zero, s1x3 = zero, s1x4 = zero, s1x5 = zero, s1x6 = zero, s1x7 = zero;
            Vector512<float> s2x0 = zero, s2x1 = zero, s2x2 = zero, s2x3 = zero, s2x4 = zero, s2x5 = zero, s2x6 = zero, s2x7 = zero;
            float* b0 = b, b1 = b + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
            for (nint k = 0; k < depth; k++)
            {
                if (Sse.IsSupported)
                {
                    // The weights of few rows come from far away, and each is used once.
                    Sse.Prefetch0(b0 + Ahead);
                    Sse.Prefetch0(b0 + Ahead + 16);
                    Sse.Prefetch0(b1 + Ahead);
                    Sse.Prefetch0(b1 + Ahead + 16);
                    Sse.Prefetch0(b2 + Ahead);
                    Sse.Prefetch0(b2 + Ahead + 16);
                    Sse.Prefetch0(b3 + Ahead);
                    Sse.Prefetch0(b3 + Ahead + 16);
                }

                Vector512<float> x0 = Create(a[k]), x1 = TRows.Count > 1 ? Create(a[lda + k]) : zero, x2 = TRows.Count > 2 ? Create(a[(2 * lda) + k]) : zero;
                Vector512<float> y0 = Load(b0);
                s0x0 = MultiplyAddEstimate(x0, y0, s0x0);
                if (TRows.Count > 1) { s1x0 = MultiplyAddEstimate(x1, y0, s1x0); }
                if (TRows.Count > 2) { s2x0 = MultiplyAddEstimate(x2, y0, s2x0); }
                Vector512<float> y1 = Load(b0 + 16);
                s0x1 = MultiplyAddEstimate(x0, y1, s0x1);
                if (TRows.Count > 1) { s1x1 = MultiplyAddEstimate(x1, y1, s1x1); }
                if (TRows.Count > 2) { s2x1 = MultiplyAddEstimate(x2, y1, s2x1); }
                Vector512<float> y2 = Load(b1);
                s0x2 = MultiplyAddEstimate(x0, y2, s0x2);
                if (TRows.Count > 1) { s1x2 = MultiplyAddEstimate(x1, y2, s1x2); }
                if (TRows.Count > 2) { s2x2 = MultiplyAddEstimate(x2, y2, s2x2); }
                Vector512<float> y3 = Load(b1 + 16);
                s0x3 = MultiplyAddEstimate(x0, y3, s0x3);
                if (TRows.Count > 1) { s1x3 = MultiplyAddEstimate(x1, y3, s1x3); }
                if (TRows.Count > 2) { s2x3 = MultiplyAddEstimate(x2, y3, s2x3); }
                Vector512<float> y4 = Load(b2);
                s0x4 = MultiplyAddEstimate(x0, y4, s0x4);
                if (TRows.Count > 1) { s1x4 = MultiplyAddEstimate(x1, y4, s1x4); }
                if (TRows.Count > 2) { s2x4 = MultiplyAddEstimate(x2, y4, s2x4); }
                Vector512<float> y5 = Load(b2 + 16);
                s0x5 = MultiplyAddEstimate(x0, y5, s0x5);
                if (TRows.Count > 1) { s1x5 = MultiplyAddEstimate(x1, y5, s1x5); }
                if (TRows.Count > 2) { s2x5 = MultiplyAddEstimate(x2, y5, s2x5); }
                Vector512<float> y6 = Load(b3);
                s0x6 = MultiplyAddEstimate(x0, y6, s0x6);
                if (TRows.Count > 1) { s1x6 = MultiplyAddEstimate(x1, y6, s1x6); }
                if (TRows.Count > 2) { s2x6 = MultiplyAddEstimate(x2, y6, s2x6); }
                Vector512<float> y7 = Load(b3 + 16);
                s0x7 = MultiplyAddEstimate(x0, y7, s0x7);
                if (TRows.Count > 1) { s1x7 = MultiplyAddEstimate(x1, y7, s1x7); }
                if (TRows.Count > 2) { s2x7 = MultiplyAddEstimate(x2, y7, s2x7); }
                b0 += MicroKernel.Columns;
                b1 += MicroKernel.Columns;
                b2 += MicroKernel.Columns;
                b3 += MicroKernel.Columns;
            }

            Finish<TAdd>(c, addend, 0, s0x0, s0x1);
            Finish<TAdd>(c, addend, cPanelStride, s0x2, s0x3);
            Finish<TAdd>(c, addend, (2 * cPanelStride), s0x4, s0x5);
            Finish<TAdd>(c, addend, (3 * cPanelStride), s0x6, s0x7);
            if (TRows.Count > 1)
            {
                Finish<TAdd>(c, addend, ldc, s1x0, s1x1);
                Finish<TAdd>(c, addend, ldc + cPanelStride, s1x2, s1x3);
                Finish<TAdd>(c, addend, ldc + (2 * cPanelStride), s1x4, s1x5);
                Finish<TAdd>(c, addend, ldc + (3 * cPanelStride), s1x6, s1x7);
            }

            if (TRows.Count > 2)
            {
                Finish<TAdd>(c, addend, (2 * ldc), s2x0, s2x1);
                Finish<TAdd>(c, addend, (2 * ldc) + cPanelStride, s2x2, s2x3);
                Finish<TAdd>(c, addend, (2 * ldc) + (2 * cPanelStride), s2x4, s2x5);
                Finish<TAdd>(c, addend, (2 * ldc) + (3 * cPanelStride), s2x6, s2x7);
            }

            b += Panels * panelStride;
            c += Panels * cPanelStride;
            addend += Panels * cPanelStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TAdd>(float* c, float* addend, nint offset, Vector512<float> left, Vector512<float> right)
        where TAdd : struct, ISwitch
    {
        Vector512.Store(TAdd.On ? left + Load(addend + offset) : left, c + offset);
        Vector512.Store(TAdd.On ? right + Load(addend + offset + 16) : right, c + offset + 16);
    }
}
