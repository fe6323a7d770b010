using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

internal sealed partial class TorchModel
{
    /// <summary>What clipping has still to multiply the gradients by; the update does it on its way.</summary>
    private double _gradientScale = 1;

    /// <summary>Of the gradients as they are in memory; null when they have changed.</summary>
    private double? _sumOfSquares;

    public BatchLoss ComputeGradients(TokenBatch batch, LossRouting routing)
    {
        ModelInputs.CheckBatch(Description, batch);
        long denominator = 0;
        foreach (byte label in batch.Labels.Span)
        {
            denominator += routing[label] == LossKind.None ? 0 : 1;
        }

        denominator = Math.Max(1, denominator);
        int atOnce = _settings.SequencesAtOnce == 0 ? batch.Sequences : _settings.SequencesAtOnce;
        (_gradientScale, _sumOfSquares) = (1, null);
        return Compute(() =>
        {
            _tensors[TensorKind.Gradient].zero_();
            Tensor sums = zeros(2, ScalarType.Float64, _device);
            var indices = new IndexUpload();
            var parts = new List<BatchPart>();
            for (int first = 0; first < batch.Sequences; first += atOnce)
            {
                parts.Add(new BatchPart(batch, first, Math.Min(atOnce, batch.Sequences - first), routing, indices));
            }

            indices.Send(_device);
            foreach (BatchPart part in parts)
            {
                AddGradients(part, indices, (float)(1.0 / denominator), routing.UnlikelihoodFloor, sums);
            }

            long crossEntropy = parts.Sum(part => (long)part.CrossEntropy.Count), unlikelihood = parts.Sum(part => (long)part.Unlikelihood.Count);

            Tensor onHost = sums.cpu();
            return new BatchLoss(onHost[0].item<double>(), crossEntropy, onHost[1].item<double>(), unlikelihood, denominator);
        });
    }

    /// <summary>As torch.nn.utils.clip_grad_norm_: the factor is maximum / (norm + 1e-6) where that is below 1.</summary>
    public double ClipGradients(double maximumNorm)
    {
        _sumOfSquares ??= Compute(() => FlatAdamW.SumOfSquares(_tensors));
        double norm = Math.Sqrt(_sumOfSquares.Value) * _gradientScale, factor = maximumNorm / (norm + 1e-6);
        _gradientScale *= factor < 1 ? factor : 1;
        return norm;
    }

    public void Update(AdamWSettings settings, double learningRate, long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        Compute(() =>
        {
            FlatAdamW.Update(_tensors, settings, learningRate, step, _gradientScale);
            return true;
        });
    }

    private void AddGradients(BatchPart part, IndexUpload indices, float weight, double floor, Tensor sums)
    {
        using var scope = NewDisposeScope();
        SequenceContext context = ContextOf(part.Length, part.DocumentRange is { } documents ? SameDocument(indices[documents].view(part.Sequences, 1, part.Length, 1)) : null);
        Tensor hidden = Embed(indices[part.TokenRange], part.Sequences, part.Length);
        var inputs = new Tensor[_layers.Length];
        var graphs = new SegmentGraph?[_layers.Length];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            inputs[layer] = hidden;
            graphs[layer] = _settings.RecomputeActivations ? null : _layers[layer].Record(hidden, context);
            hidden = graphs[layer]?.Output ?? _layers[layer].Forward(hidden, context);
        }

        Tensor gradient = FinalGradient(part, indices, hidden, context, weight, floor, sums);
        if (_settings.RecomputeActivations)
        {
            hidden.Dispose();
        }

        for (int layer = _layers.Length - 1; layer >= 0; layer--)
        {
            using var layerScope = NewDisposeScope();
            using SegmentGraph graph = graphs[layer] ?? _layers[layer].Record(inputs[layer], context);
            Tensor next = graph.Backward(gradient).MoveToOuterDisposeScope();
            gradient.Dispose();
            gradient = next;
            if (_settings.RecomputeActivations)
            {
                inputs[layer].Dispose();
            }
        }

        _embedding.Backward(part.Tokens.Span, gradient.view(-1, Description.HiddenSize));
    }

    /// <summary>Adds the losses, and the gradients of head and final norm; returns that of the last layer's output.</summary>
    private Tensor FinalGradient(BatchPart part, IndexUpload indices, Tensor hidden, SequenceContext context, float weight, double floor, Tensor sums)
    {
        using var scope = NewDisposeScope();
        using SegmentGraph final = _finalNorm.Record(hidden, context);
        return final.Backward(HeadGradient(part, indices, final.Output, weight, floor, sums)).MoveToOuterDisposeScope();
    }

    private Tensor HeadGradient(BatchPart part, IndexUpload indices, Tensor finalOutput, float weight, double floor, Tensor sums)
    {
        Tensor hidden = finalOutput.detach().view(-1, Description.HiddenSize), gradients = zeros_like(hidden);
        Accumulate(part.CrossEntropy, LossKind.CrossEntropy);
        Accumulate(part.Unlikelihood, LossKind.Unlikelihood);
        return gradients.view(part.Sequences, part.Length, Description.HiddenSize);

        void Accumulate(TargetRange targets, LossKind kind) =>
            _head.Accumulate(hidden, gradients, indices[targets.Rows], indices[targets.Targets], kind, weight, floor, sums);
    }

    private Tensor Embed(Tensor tokens, int sequences, int length) => _embedding.Forward(tokens).view(sequences, length, Description.HiddenSize);

    private Tensor ToDevice(ReadOnlySpan<int> values)
    {
        long[] wide = new long[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return tensor(wide, device: _device);
    }

    private SequenceContext ContextOf(int length, Tensor? sameDocument)
    {
        Tensor? causal = _attention.CausalMask(length, _device);
        return new SequenceContext(
            _rotary.First(length), sameDocument is null ? causal : sameDocument.logical_and(causal ?? ones([length, length], ScalarType.Bool, _device).tril()));
    }

    /// <summary>True where two tokens are of one document.</summary>
    /// <param name="numbers">The tokens' documents: [sequences, 1, length, 1].</param>
    private static Tensor SameDocument(Tensor numbers) => numbers.eq(numbers.transpose(2, 3));

    private void ApplyGradientScale(TensorKind kind)
    {
        if (kind == TensorKind.Gradient && _gradientScale != 1)
        {
            using var scope = NewDisposeScope();
            _tensors[TensorKind.Gradient].mul_(_gradientScale);
            _sumOfSquares *= _gradientScale * _gradientScale;
            _gradientScale = 1;
        }
    }
}
