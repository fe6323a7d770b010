using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>SwiGLU (Shazeer, arXiv 2002.05202): h = silu(gate) · up, silu(g) = g sigmoid(g). Rows hold gate, then up.</summary>
internal static unsafe class SwiGlu
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(float* gateUp, float* hidden, int rows, int size)
    {
        Vector512<float> one = Vector512<float>.One;
        for (int row = 0; row < rows; row++, gateUp += 2 * size, hidden += size)
        {
            for (int i = 0; i < size; i += Lanes.Width)
            {
                Vector512<float> gate = Vector512.Load(gateUp + i), sigmoid = one / (one + Lanes.Exp(-gate));
                Vector512.Store(gate * sigmoid * Vector512.Load(gateUp + size + i), hidden + i);
            }
        }
    }

    /// <summary>
    /// Puts the gradients of gate and up in their place, and h again in that of its gradient, for the gradient of the next matrix:
    /// dup = dh silu(g), dg = dh up s (1 + g (1 - s)), s = sigmoid(g).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(float* gateUp, float* hidden, int rows, int size)
    {
        Vector512<float> one = Vector512<float>.One;
        for (int row = 0; row < rows; row++, gateUp += 2 * size, hidden += size)
        {
            for (int i = 0; i < size; i += Lanes.Width)
            {
                Vector512<float> gate = Vector512.Load(gateUp + i), up = Vector512.Load(gateUp + size + i), gradient = Vector512.Load(hidden + i);
                Vector512<float> sigmoid = one / (one + Lanes.Exp(-gate));
                Vector512<float> silu = gate * sigmoid;
                Vector512.Store(silu * up, hidden + i);
                Vector512.Store(gradient * silu, gateUp + size + i);
                Vector512.Store(gradient * up * Vector512.MultiplyAddEstimate(silu, one - sigmoid, sigmoid), gateUp + i);
            }
        }
    }
}
