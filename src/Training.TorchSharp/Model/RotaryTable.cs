using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// Rotary positions (Su et al., arXiv 2104.09864): at position t the pair (i, i + size/2) of a head turns by t · base^(-2i/size), Hugging Face's
/// "rotate_half". Computed in double precision, kept and applied in single.
/// </summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly Tensor _cosines;
    private readonly Tensor _sines;

    internal RotaryTable(ModelDescription model, Device device)
    {
        int pairs = model.HeadSize / 2, positions = model.MaximumSequenceLength;
        float[] cosines = new float[positions * pairs], sines = new float[positions * pairs];
        for (int position = 0; position < positions; position++)
        {
            for (int pair = 0; pair < pairs; pair++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(model.RotaryBase, -(double)pair / pairs));
                (cosines[(position * pairs) + pair], sines[(position * pairs) + pair]) = ((float)cosine, (float)sine);
            }
        }

        _cosines = tensor(cosines, [positions, pairs], device: device).DetachFromDisposeScope();
        _sines = tensor(sines, [positions, pairs], device: device).DetachFromDisposeScope();
    }

    /// <summary>The turns of positions 0 to length - 1: [length, pairs].</summary>
    internal Turns First(long length) => new(_cosines.narrow(0, 0, length), _sines.narrow(0, 0, length));

    /// <summary>The turns of positions [sequences, length]: [sequences, 1, length, pairs].</summary>
    internal Turns At(Tensor positions)
    {
        long[] shape = [positions.shape[0], 1, positions.shape[1], _cosines.shape[1]];
        Tensor flat = positions.reshape(-1);
        return new(_cosines.index_select(0, flat).view(shape), _sines.index_select(0, flat).view(shape));
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}

/// <summary>Cosines and sines of positions.</summary>
internal readonly record struct Turns(Tensor Cosines, Tensor Sines)
{
    /// <summary>Turns heads: [sequences, heads, length, head size].</summary>
    internal Tensor Apply(Tensor heads)
    {
        long half = heads.shape[^1] / 2;
        Tensor single = heads.to(ScalarType.Float32), first = single.narrow(-1, 0, half), second = single.narrow(-1, half, half);
        return cat([first.mul(Cosines).sub(second.mul(Sines)), second.mul(Cosines).add(first.mul(Sines))], -1).to(heads.dtype);
    }
}
