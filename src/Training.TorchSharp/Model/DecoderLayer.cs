using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>A layer: norm, attention, residual; norm, SwiGLU, residual. Hidden states are [sequences, length, hidden size] in single precision.</summary>
internal sealed class DecoderLayer : Segment
{
    /// <summary>Query, key and value; output; gate and up; down. The norms' weights come after them.</summary>
    private const int Matrices = 4;

    private readonly ModelDescription _model;
    private readonly Attention _attention;

    internal DecoderLayer(ModelDescription model, FlatTensors tensors, int layer, Attention attention)
    {
        _model = model;
        _attention = attention;
        FlatLayout layout = tensors.Layout;
        FlatLayer at = layout.Layers[layer];
        List<TrainableTensor> parameters =
            [tensors.Matrix(at.QueryKeyValue), tensors.Matrix(at.Output), tensors.Matrix(at.GateUp), tensors.Matrix(at.Down)];
        if (layout.FinalNorm is not null)
        {
            parameters.Add(tensors.Vector(layout.AttentionNorms[layer]));
            parameters.Add(tensors.Vector(layout.FeedForwardNorms[layer]));
        }

        Parameters = parameters;
    }

    internal override IReadOnlyList<TrainableTensor> Parameters { get; }

    /// <summary>As <see cref="Segment.Forward(Tensor, SequenceContext)"/>, with the keys and values of tokens before from a cache, to which these tokens' are added.</summary>
    internal Tensor Forward(Tensor input, SequenceContext context, KeyValueCache cache, int layer) => Forward(input, Values, context, cache, layer);

    protected override Tensor Forward(Tensor input, IReadOnlyList<Tensor> weights, SequenceContext context) => Forward(input, weights, context, cache: null, layer: 0);

    private Tensor Forward(Tensor input, IReadOnlyList<Tensor> weights, SequenceContext context, KeyValueCache? cache, int layer)
    {
        using var scope = NewDisposeScope();
        Tensor? attentionNorm = weights.Count > Matrices ? weights[Matrices] : null, feedForwardNorm = weights.Count > Matrices ? weights[Matrices + 1] : null;
        long sequences = input.shape[0], length = input.shape[1], heads = _model.Heads, size = _model.HeadSize;
        Tensor queryKeyValue = Project(Normalisation.Apply(_model, input, attentionNorm), weights[0])
            .view(sequences, length, 3 * heads, size).transpose(1, 2);
        Tensor turned = context.Turns.Apply(queryKeyValue.narrow(1, 0, 2 * heads));
        Tensor query = turned.narrow(1, 0, heads), key = turned.narrow(1, heads, heads), value = queryKeyValue.narrow(1, 2 * heads, heads);
        if (cache is not null)
        {
            (key, value) = cache.Extend(layer, key, value);
        }

        Tensor attended = _attention.Attend(query, key, value, context.Seen).transpose(1, 2).reshape(sequences, length, heads * size);
        Tensor middle = input.add(Project(attended, weights[1]));
        Tensor gateUp = Project(Normalisation.Apply(_model, middle, feedForwardNorm), weights[2]);
        Tensor gated = gateUp.narrow(-1, 0, _model.FeedForwardSize).silu().mul(gateUp.narrow(-1, _model.FeedForwardSize, _model.FeedForwardSize));
        return middle.add(Project(gated, weights[3])).MoveToOuterDisposeScope();
    }

    private static Tensor Project(Tensor x, Tensor weight) => nn.functional.linear(x.to(weight.dtype), weight);
}

/// <summary>The norm after the last layer.</summary>
internal sealed class FinalNorm : Segment
{
    private readonly ModelDescription _model;

    internal FinalNorm(ModelDescription model, FlatTensors tensors)
    {
        _model = model;
        Parameters = tensors.Layout.FinalNorm is { } region ? [tensors.Vector(region)] : [];
    }

    internal override IReadOnlyList<TrainableTensor> Parameters { get; }

    protected override Tensor Forward(Tensor input, IReadOnlyList<Tensor> weights, SequenceContext context)
    {
        using var scope = NewDisposeScope();
        return Normalisation.Apply(_model, input, weights.Count > 0 ? weights[0] : null).MoveToOuterDisposeScope();
    }
}
