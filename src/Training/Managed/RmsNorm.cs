using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>RMSNorm (Zhang and Sennrich, arXiv 1910.07467): y = w · x / sqrt(mean(x²) + ε).</summary>
internal static unsafe class RmsNorm
{
    /// <param name="x">Rows.</param>
    /// <param name="weight">w.</param>
    /// <param name="y">Receives the normalised rows.</param>
    /// <param name="scales">Receives 1 / sqrt(mean(x²) + ε) of every row, for the backward pass.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="stride">Their padded width.</param>
    /// <param name="size">Their width.</param>
    /// <param name="epsilon">ε.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(float* x, float* weight, float* y, float* scales, int rows, int stride, int size, float epsilon)
    {
        for (int row = 0; row < rows; row++, x += stride, y += stride)
        {
            Vector512<float> squares = Vector512<float>.Zero;
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512<float> value = Vector512.Load(x + i);
                squares = Vector512.MultiplyAddEstimate(value, value, squares);
            }

            float scale = 1 / MathF.Sqrt((Lanes.Sum(squares) / size) + epsilon);
            scales[row] = scale;
            Vector512<float> scaleVector = Vector512.Create(scale);
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512.Store(Vector512.Load(x + i) * scaleVector * Vector512.Load(weight + i), y + i);
            }
        }
    }

    /// <summary>With g = dy · w and s the scale: dx += s g - x s³ mean(g x); dw += sum over rows of dy x s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(
        float* x, float* weight, float* dy, float* scales, float* dx, float* dWeight, int rows, int stride, int size)
    {
        for (int row = 0; row < rows; row++, x += stride, dy += stride, dx += stride)
        {
            float scale = scales[row];
            Vector512<float> scaleVector = Vector512.Create(scale), products = Vector512<float>.Zero;
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512<float> product = Vector512.Load(x + i) * Vector512.Load(dy + i);
                products = Vector512.MultiplyAddEstimate(product, Vector512.Load(weight + i), products);
                Vector512.Store(Vector512.MultiplyAddEstimate(product, scaleVector, Vector512.Load(dWeight + i)), dWeight + i);
            }

            Vector512<float> projection = Vector512.Create(-Lanes.Sum(products) / size * scale * scale * scale);
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512<float> gradient = Vector512.Load(dy + i) * Vector512.Load(weight + i) * scaleVector;
                gradient = Vector512.MultiplyAddEstimate(Vector512.Load(x + i), projection, gradient);
                Vector512.Store(Vector512.Load(dx + i) + gradient, dx + i);
            }
        }
    }
}
