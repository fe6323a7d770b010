namespace SlungOrleans.Training.Managed;

/// <summary>The model's normalisation of rows of hidden states.</summary>
internal static unsafe class Normalisation
{
    internal static void Forward(ModelLayout layout, float* x, float* weight, float* y, float* scales, int rows)
    {
        ModelDescription model = layout.Description;
        if (model.Norm == NormKind.Rms)
        {
            RmsNorm.Forward(x, weight, y, scales, rows, layout.Hidden, model.HiddenSize, model.NormEpsilon);
        }
        else
        {
            LayerNorm.Forward(x, y, scales, rows, layout.Hidden, model.HiddenSize, model.NormEpsilon);
        }
    }

    /// <summary>Adds to the gradients of the input and of the weight.</summary>
    internal static void Backward(
        ModelLayout layout, float* x, float* weight, float* y, float* scales, float* dy, float* dx, float* dWeight, int rows)
    {
        ModelDescription model = layout.Description;
        if (model.Norm == NormKind.Rms)
        {
            RmsNorm.Backward(x, weight, dy, scales, dx, dWeight, rows, layout.Hidden, model.HiddenSize);
        }
        else
        {
            LayerNorm.Backward(y, dy, scales, dx, rows, layout.Hidden, model.HiddenSize);
        }
    }
}
