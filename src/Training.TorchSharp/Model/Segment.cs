using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// A part of the model with a graph of its own for automatic differentiation: from hidden states to hidden states. Segments let one layer's
/// gradients be added and forgotten before the next one's are computed, and let activations be computed again.
/// </summary>
internal abstract class Segment
{
    /// <summary>What gradients are taken of, besides the input.</summary>
    internal abstract IReadOnlyList<TrainableTensor> Parameters { get; }

    /// <summary>The output of an input.</summary>
    internal abstract Tensor Forward(Tensor input, SequenceContext context);

    /// <summary>Adds the gradients of the parameters; returns that of the input.</summary>
    /// <param name="input">The input, of which gradients are taken.</param>
    /// <param name="output">The output of <see cref="Forward"/>.</param>
    /// <param name="outputGradient">The gradient of the output.</param>
    internal Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        using var scope = NewDisposeScope();
        IList<Tensor> gradients = autograd.grad([output], [input, .. Parameters.Select(parameter => parameter.Value)], [outputGradient]);
        for (int i = 0; i < Parameters.Count; i++)
        {
            Parameters[i].Gradient.add_(gradients[i + 1]);
        }

        return gradients[0].MoveToOuterDisposeScope();
    }
}

/// <summary>What all layers need to know of the sequences that are computed.</summary>
/// <param name="Turns">The positions.</param>
/// <param name="Seen">Which keys a query sees; see <see cref="Attention.Attend"/>.</param>
internal readonly record struct SequenceContext(Turns Turns, Tensor? Seen);
