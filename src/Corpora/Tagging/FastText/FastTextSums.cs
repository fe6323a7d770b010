using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SlungOrleans.Corpora;

/// <summary>
/// The arithmetic of predictions. Every number is made in single precision in the order in which fastText makes it, and only numbers that do
/// not depend on each other are made at once: so results are the same to the bit, whatever the width of vectors.
/// </summary>
internal static class FastTextSums
{
    private const int Block = 8;

    /// <summary>The mean of rows of a matrix.</summary>
    /// <param name="matrix">The matrix, row after row.</param>
    /// <param name="rows">The rows; at least one.</param>
    /// <param name="mean">Where to; as long as a row.</param>
    public static void Mean(float[] matrix, ReadOnlySpan<int> rows, Span<float> mean)
    {
        var scale = (float)(1.0 / rows.Length);
        ref var first = ref MemoryMarshal.GetArrayDataReference(matrix);
        var width = Vector<float>.Count;
        if (mean.Length < width)
        {
            MeanOfShortRows(ref first, rows, scale, mean);
        }
        else if (mean.Length < Block * width)
        {
            for (var start = 0; start < mean.Length; start += width)
            {
                MeanOfVector(ref first, rows, scale, mean, Math.Min(start, mean.Length - width));
            }
        }
        else
        {
            // The last block overlaps the one before it, and makes the same numbers again.
            for (var start = 0; start < mean.Length; start += Block * width)
            {
                MeanOfBlock(ref first, rows, scale, mean, Math.Min(start, mean.Length - (Block * width)));
            }
        }
    }

    /// <summary>The products of a vector with the rows of a matrix.</summary>
    /// <param name="columns">The matrix, column after column, each as long as <paramref name="products"/>.</param>
    /// <param name="vector">The vector; as many numbers as columns.</param>
    /// <param name="products">Where to; a multiple of the width of vectors.</param>
    public static void Multiply(float[] columns, ReadOnlySpan<float> vector, Span<float> products)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(columns);
        for (var start = 0; start < products.Length; start += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            var offset = (nuint)start;
            foreach (var factor in vector)
            {
                // Not fused: a fused product is rounded once less.
                sum += Vector.LoadUnsafe(ref first, offset) * new Vector<float>(factor);
                offset += (nuint)products.Length;
            }

            sum.CopyTo(products[start..]);
        }
    }

    private static void MeanOfShortRows(ref float matrix, ReadOnlySpan<int> rows, float scale, Span<float> mean)
    {
        for (var column = 0; column < mean.Length; column++)
        {
            var sum = 0f;
            foreach (var row in rows)
            {
                sum += Unsafe.Add(ref matrix, ((nuint)row * (nuint)mean.Length) + (nuint)column);
            }

            mean[column] = sum * scale;
        }
    }

    private static void MeanOfVector(ref float matrix, ReadOnlySpan<int> rows, float scale, Span<float> mean, int start)
    {
        var sum = Vector<float>.Zero;
        foreach (var row in rows)
        {
            sum += Vector.LoadUnsafe(ref matrix, ((nuint)row * (nuint)mean.Length) + (nuint)start);
        }

        (sum * scale).CopyTo(mean[start..]);
    }

    private static void MeanOfBlock(ref float matrix, ReadOnlySpan<int> rows, float scale, Span<float> mean, int start)
    {
        Vector<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        var width = (nuint)Vector<float>.Count;
        foreach (var row in rows)
        {
            ref var from = ref Unsafe.Add(ref matrix, ((nuint)row * (nuint)mean.Length) + (nuint)start);
            a += Vector.LoadUnsafe(ref from);
            b += Vector.LoadUnsafe(ref from, width);
            c += Vector.LoadUnsafe(ref from, 2 * width);
            d += Vector.LoadUnsafe(ref from, 3 * width);
            e += Vector.LoadUnsafe(ref from, 4 * width);
            f += Vector.LoadUnsafe(ref from, 5 * width);
            g += Vector.LoadUnsafe(ref from, 6 * width);
            h += Vector.LoadUnsafe(ref from, 7 * width);
        }

        var to = mean[start..];
        ReadOnlySpan<Vector<float>> sums = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < sums.Length; i++)
        {
            (sums[i] * scale).CopyTo(to[(i * Vector<float>.Count)..]);
        }
    }
}
