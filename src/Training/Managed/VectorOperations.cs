using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>Simple operations on whole vectors.</summary>
internal static unsafe class VectorOperations
{
    /// <summary>Sets values to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Clear(float* values, long count)
    {
        for (long i = 0; i < count; i += Lanes.Width)
        {
            Vector512.Store(Vector512<float>.Zero, values + i);
        }
    }

    /// <summary>to += from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(float* from, float* to, long count)
    {
        for (long i = 0; i < count; i += Lanes.Width)
        {
            Vector512.Store(Vector512.Load(to + i) + Vector512.Load(from + i), to + i);
        }
    }

    /// <summary>Multiplies by a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Scale(float* values, long count, float factor)
    {
        for (long i = 0; i < count; i += Lanes.Width)
        {
            Vector512.Store(Vector512.Load(values + i) * factor, values + i);
        }
    }

    /// <summary>Multiplies each row by its factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ScaleRows(float* values, nint stride, int rows, int count, float* factors)
    {
        for (int row = 0; row < rows; row++, values += stride)
        {
            for (int i = 0; i < count; i += Lanes.Width)
            {
                Vector512.Store(Vector512.Load(values + i) * factors[row], values + i);
            }
        }
    }

    /// <summary>The inner product of each row of x and of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void DotRows(float* x, float* y, nint stride, int rows, int count, float* products)
    {
        for (int row = 0; row < rows; row++, x += stride, y += stride)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < count; i += Lanes.Width)
            {
                sum = Vector512.MultiplyAddEstimate(Vector512.Load(x + i), Vector512.Load(y + i), sum);
            }

            products[row] = Lanes.Sum(sum);
        }
    }

    /// <summary>The sum of squares, in double precision, each lane on its own and the lanes in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double SumOfSquares(float* values, long count)
    {
        Vector512<double> low = Vector512<double>.Zero, high = Vector512<double>.Zero;
        for (long i = 0; i < count; i += Lanes.Width)
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Load(values + i));
            low = Vector512.MultiplyAddEstimate(lower, lower, low);
            high = Vector512.MultiplyAddEstimate(upper, upper, high);
        }

        Vector512<double> lanes = low + high;
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += lanes.GetElement(lane);
        }

        return sum;
    }
}
