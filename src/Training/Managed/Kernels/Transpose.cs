using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>The transpose of 16 × 16 floats in registers: four rounds of exchanges between vectors that are 8, 4, 2 and 1 apart.</summary>
internal static unsafe class Transpose
{
    /// <summary>Transposes 16 columns of up to 16 rows; missing rows are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Block(float* source, nint stride, int rows, float* destination, nint destinationStride)
    {
        Vector512<float> v0 = Row(source, stride, 0, rows), v1 = Row(source, stride, 1, rows), v2 = Row(source, stride, 2, rows);
        Vector512<float> v3 = Row(source, stride, 3, rows), v4 = Row(source, stride, 4, rows), v5 = Row(source, stride, 5, rows);
        Vector512<float> v6 = Row(source, stride, 6, rows), v7 = Row(source, stride, 7, rows), v8 = Row(source, stride, 8, rows);
        Vector512<float> v9 = Row(source, stride, 9, rows), v10 = Row(source, stride, 10, rows), v11 = Row(source, stride, 11, rows);
        Vector512<float> v12 = Row(source, stride, 12, rows), v13 = Row(source, stride, 13, rows), v14 = Row(source, stride, 14, rows);
        Vector512<float> v15 = Row(source, stride, 15, rows);

        (v0, v8) = Exchange8(v0, v8);
        (v1, v9) = Exchange8(v1, v9);
        (v2, v10) = Exchange8(v2, v10);
        (v3, v11) = Exchange8(v3, v11);
        (v4, v12) = Exchange8(v4, v12);
        (v5, v13) = Exchange8(v5, v13);
        (v6, v14) = Exchange8(v6, v14);
        (v7, v15) = Exchange8(v7, v15);

        (v0, v4) = Exchange4(v0, v4);
        (v1, v5) = Exchange4(v1, v5);
        (v2, v6) = Exchange4(v2, v6);
        (v3, v7) = Exchange4(v3, v7);
        (v8, v12) = Exchange4(v8, v12);
        (v9, v13) = Exchange4(v9, v13);
        (v10, v14) = Exchange4(v10, v14);
        (v11, v15) = Exchange4(v11, v15);

        (v0, v2) = Exchange2(v0, v2);
        (v1, v3) = Exchange2(v1, v3);
        (v4, v6) = Exchange2(v4, v6);
        (v5, v7) = Exchange2(v5, v7);
        (v8, v10) = Exchange2(v8, v10);
        (v9, v11) = Exchange2(v9, v11);
        (v12, v14) = Exchange2(v12, v14);
        (v13, v15) = Exchange2(v13, v15);

        (v0, v1) = Exchange1(v0, v1);
        (v2, v3) = Exchange1(v2, v3);
        (v4, v5) = Exchange1(v4, v5);
        (v6, v7) = Exchange1(v6, v7);
        (v8, v9) = Exchange1(v8, v9);
        (v10, v11) = Exchange1(v10, v11);
        (v12, v13) = Exchange1(v12, v13);
        (v14, v15) = Exchange1(v14, v15);

        Vector512.Store(v0, destination);
        Vector512.Store(v1, destination + destinationStride);
        Vector512.Store(v2, destination + (2 * destinationStride));
        Vector512.Store(v3, destination + (3 * destinationStride));
        Vector512.Store(v4, destination + (4 * destinationStride));
        Vector512.Store(v5, destination + (5 * destinationStride));
        Vector512.Store(v6, destination + (6 * destinationStride));
        Vector512.Store(v7, destination + (7 * destinationStride));
        Vector512.Store(v8, destination + (8 * destinationStride));
        Vector512.Store(v9, destination + (9 * destinationStride));
        Vector512.Store(v10, destination + (10 * destinationStride));
        Vector512.Store(v11, destination + (11 * destinationStride));
        Vector512.Store(v12, destination + (12 * destinationStride));
        Vector512.Store(v13, destination + (13 * destinationStride));
        Vector512.Store(v14, destination + (14 * destinationStride));
        Vector512.Store(v15, destination + (15 * destinationStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row(float* source, nint stride, int row, int rows) =>
        row < rows ? Vector512.Load(source + (row * stride)) : Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Above, Vector512<float> Below) Exchange8(Vector512<float> above, Vector512<float> below) =>
        (Vector512.Create(above.GetLower(), below.GetLower()), Vector512.Create(above.GetUpper(), below.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Above, Vector512<float> Below) Exchange4(Vector512<float> above, Vector512<float> below)
    {
        Vector512<float> first = Vector512.Create(-1, -1, -1, -1, 0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0).AsSingle();
        return (
            Vector512.ConditionalSelect(first, above, Vector512.Shuffle(below, Vector512.Create(4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11))),
            Vector512.ConditionalSelect(first, Vector512.Shuffle(above, Vector512.Create(4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)), below));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Above, Vector512<float> Below) Exchange2(Vector512<float> above, Vector512<float> below)
    {
        Vector512<float> first = Vector512.Create(-1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0).AsSingle();
        return (
            Vector512.ConditionalSelect(first, above, Vector512.Shuffle(below, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13))),
            Vector512.ConditionalSelect(first, Vector512.Shuffle(above, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)), below));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Above, Vector512<float> Below) Exchange1(Vector512<float> above, Vector512<float> below)
    {
        Vector512<float> first = Vector512.Create(-1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
        return (
            Vector512.ConditionalSelect(first, above, Vector512.Shuffle(below, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14))),
            Vector512.ConditionalSelect(first, Vector512.Shuffle(above, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)), below));
    }
}
