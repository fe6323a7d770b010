using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>The model's normalisation, in single precision.</summary>
internal static class Normalisation
{
    /// <param name="model">The model.</param>
    /// <param name="x">Rows of hidden states.</param>
    /// <param name="weight">The norm's weights; null for a norm without.</param>
    internal static Tensor Apply(ModelDescription model, Tensor x, Tensor? weight)
    {
        if (model.Norm == NormKind.NonParametricLayerNorm)
        {
            return nn.functional.layer_norm(x, [model.HiddenSize], null, null, model.NormEpsilon);
        }

        Tensor inverse = x.mul(x).mean([-1], keepdim: true).add(model.NormEpsilon).rsqrt();
        return x.mul(inverse).mul(weight!);
    }
}
