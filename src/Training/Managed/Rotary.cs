using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// Rotary positions (Su et al., arXiv 2104.09864): at position t the pair (i, i + size/2) of a head turns by t · base^(-2i/size), Hugging
/// Face's "rotate_half". Inside, the two of a pair are neighbours (see <see cref="ModelLayout"/>).
/// </summary>
internal sealed unsafe class Rotary : IDisposable
{
    private readonly NativeBuffer _cosines;
    private readonly NativeBuffer _sines;
    private readonly int _head;

    internal Rotary(ModelDescription model, int head)
    {
        _head = head;
        _cosines = new NativeBuffer((long)model.MaximumSequenceLength * head);
        _sines = new NativeBuffer((long)model.MaximumSequenceLength * head);
        int pairs = model.HeadSize / 2;
        for (int position = 0; position < model.MaximumSequenceLength; position++)
        {
            float* cosines = _cosines.Data + ((nint)position * head), sines = _sines.Data + ((nint)position * head);
            for (int pair = 0; pair < pairs; pair++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(model.RotaryBase, -(double)pair / pairs));
                cosines[2 * pair] = cosines[(2 * pair) + 1] = (float)cosine;
                sines[2 * pair] = -(float)sine;
                sines[(2 * pair) + 1] = (float)sine;
            }
        }
    }

    /// <summary>Floats that they take.</summary>
    internal long Length => _cosines.Length + _sines.Length;

    /// <summary>Turns the heads of a row at its position.</summary>
    internal void Forward(float* row, int heads, int position) => Turn(row, heads, position, Vector512<float>.One);

    /// <summary>Turns gradients back.</summary>
    internal void Backward(float* row, int heads, int position) => Turn(row, heads, position, -Vector512<float>.One);

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turn(float* row, int heads, int position, Vector512<float> direction)
    {
        float* cosines = _cosines.Data + ((nint)position * _head), sines = _sines.Data + ((nint)position * _head);
        for (int i = 0; i < _head; i += Lanes.Width)
        {
            Vector512<float> cosine = Vector512.Load(cosines + i), sine = Vector512.Load(sines + i) * direction;
            float* at = row + i;
            for (int head = 0; head < heads; head++, at += _head)
            {
                Vector512<float> x = Vector512.Load(at);
                Vector512<float> neighbours = Vector512.Shuffle(x, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
                Vector512.Store(Vector512.MultiplyAddEstimate(neighbours, sine, x * cosine), at);
            }
        }
    }
}
