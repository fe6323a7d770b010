using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// A part of the model with a graph of its own for automatic differentiation: from hidden states to hidden states. Segments let one layer's
/// gradients be added and forgotten before the next one's are computed, and let activations be computed again.
/// </summary>
internal abstract class Segment
{
    private Tensor[]? _values;

    /// <summary>What gradients are taken of, besides the input.</summary>
    internal abstract IReadOnlyList<TrainableTensor> Parameters { get; }

    /// <summary>The parameters' values.</summary>
    protected IReadOnlyList<Tensor> Values => _values ??= [.. Parameters.Select(parameter => parameter.Value)];

    /// <summary>The output of an input.</summary>
    internal Tensor Forward(Tensor input, SequenceContext context) => Forward(input, Values, context);

    /// <summary>The output of an input, and what gradients can be taken with.</summary>
    internal SegmentGraph Record(Tensor input, SequenceContext context)
    {
        using var graph = enable_grad();
        Tensor leaf = Leaf(input);
        Tensor[] weights = [.. Values.Select(Leaf)];
        return new SegmentGraph(leaf, weights, Forward(leaf, weights, context), Parameters);
    }

    /// <summary>The output of an input, with values of <see cref="Parameters"/>.</summary>
    protected abstract Tensor Forward(Tensor input, IReadOnlyList<Tensor> weights, SequenceContext context);

    /// <summary>The same memory, but with a place for a gradient that goes with the tensor.</summary>
    private static Tensor Leaf(Tensor tensor) => tensor.detach().requires_grad_(true);
}

/// <summary>A segment's output, with the graph that leads to it.</summary>
internal sealed class SegmentGraph(Tensor input, IReadOnlyList<Tensor> weights, Tensor output, IReadOnlyList<TrainableTensor> parameters) : IDisposable
{
    /// <summary>The output.</summary>
    internal Tensor Output { get; } = output;

    /// <summary>Adds the gradients of the parameters; returns that of the input. Can be called once.</summary>
    /// <param name="outputGradient">The gradient of the output.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">libtorch cannot compute them, for example for want of memory.</exception>
    internal Tensor Backward(Tensor outputGradient)
    {
        using var scope = NewDisposeScope();

        // Not autograd.grad: what libtorch throws there TorchSharp lets pass into the runtime, which ends the process.
        autograd.backward([Output], [outputGradient], inputs: [input, .. weights]);
        for (int i = 0; i < weights.Count; i++)
        {
            parameters[i].Gradient.add_(GradientOf(weights[i]));
        }

        return GradientOf(input).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Output.Dispose();
        input.Dispose();
        foreach (Tensor weight in weights)
        {
            weight.Dispose();
        }
    }

    private static Tensor GradientOf(Tensor leaf) =>
#if GRADIENT_PROPERTY
        leaf.grad!;
#else
        leaf.grad()!;
#endif
}

/// <summary>What all layers need to know of the sequences that are computed.</summary>
/// <param name="Turns">The positions.</param>
/// <param name="Seen">Which keys a query sees; see <see cref="Attention.Attend"/>.</param>
internal readonly record struct SequenceContext(Turns Turns, Tensor? Seen);
