using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>LayerNorm (Ba et al., arXiv 1607.06450) without weight or bias, as in OLMo (arXiv 2402.00838): y = (x - mean) / sqrt(variance + ε).</summary>
internal static unsafe class LayerNorm
{
    /// <param name="x">Rows.</param>
    /// <param name="y">Receives the normalised rows.</param>
    /// <param name="scales">Receives 1 / sqrt(variance + ε) of every row, for the backward pass.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="stride">Their padded width.</param>
    /// <param name="size">Their width.</param>
    /// <param name="epsilon">ε.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(float* x, float* y, float* scales, int rows, int stride, int size, float epsilon)
    {
        int last = stride - Lanes.Width;
        Vector512<float> inLast = Lanes.First(size - last);
        for (int row = 0; row < rows; row++, x += stride, y += stride)
        {
            Vector512<float> sum = Vector512<float>.Zero, squares = Vector512<float>.Zero;
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                sum += Vector512.Load(x + i);
            }

            Vector512<float> mean = Vector512.Create(Lanes.Sum(sum) / size);
            for (int i = 0; i < last; i += Lanes.Width)
            {
                Vector512<float> centred = Vector512.Load(x + i) - mean;
                squares = Vector512.MultiplyAddEstimate(centred, centred, squares);
                Vector512.Store(centred, y + i);
            }

            Vector512<float> centredLast = (Vector512.Load(x + last) - mean) & inLast;
            squares = Vector512.MultiplyAddEstimate(centredLast, centredLast, squares);
            Vector512.Store(centredLast, y + last);

            float scale = 1 / MathF.Sqrt((Lanes.Sum(squares) / size) + epsilon);
            scales[row] = scale;
            Vector512<float> scaleVector = Vector512.Create(scale);
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512.Store(Vector512.Load(y + i) * scaleVector, y + i);
            }
        }
    }

    /// <summary>dx += s (dy - mean(dy) - y mean(dy y)), s the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(float* y, float* dy, float* scales, float* dx, int rows, int stride, int size)
    {
        int last = stride - Lanes.Width;
        Vector512<float> inLast = Lanes.First(size - last);
        for (int row = 0; row < rows; row++, y += stride, dy += stride, dx += stride)
        {
            Vector512<float> sum = Vector512<float>.Zero, products = Vector512<float>.Zero;
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512<float> gradient = Vector512.Load(dy + i);
                sum += gradient;
                products = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(y + i), products);
            }

            Vector512<float> scale = Vector512.Create(scales[row]);
            Vector512<float> mean = Vector512.Create(Lanes.Sum(sum) / size), projection = Vector512.Create(-Lanes.Sum(products) / size);
            for (int i = 0; i < stride; i += Lanes.Width)
            {
                Vector512<float> centred = Vector512.Load(dy + i) - mean;
                centred = i == last ? centred & inLast : centred;
                centred = Vector512.MultiplyAddEstimate(Vector512.Load(y + i), projection, centred);
                Vector512.Store(Vector512.MultiplyAddEstimate(centred, scale, Vector512.Load(dx + i)), dx + i);
            }
        }
    }
}
