namespace SlungOrleans.Training.Managed;

/// <summary>
/// The decoder over one sequence, forward and backward: norm, attention, residual; norm, SwiGLU, residual; final norm, head. A thread's
/// own: sequences, not operations, are what threads share out, and one sequence's activations stay in the cache.
/// </summary>
internal sealed unsafe class SequencePass : IDisposable
{
    private readonly ModelLayout _layout;
    private readonly float* _weights;
    private readonly PackedWeights _packed;
    private readonly Rotary _rotary;
    private readonly LayerActivations[] _layers;
    private readonly CausalAttention _attention;
    private readonly LanguageHead _head;
    private readonly NativeBuffer[] _all;
    private readonly NativeBuffer _finalInput;
    private readonly NativeBuffer _finalOutput;
    private readonly NativeBuffer _finalScale;
    private readonly NativeBuffer _dResidual;
    private readonly NativeBuffer _dNormalised;
    private readonly NativeBuffer _dAttention;
    private readonly NativeBuffer _dQueryKeyValue;
    private readonly NativeBuffer _dFeedForward;
    private readonly NativeBuffer _packing;
    private int _length;

    /// <param name="layout">The model.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="packed">Its weights in panels.</param>
    /// <param name="rotary">Its rotary positions.</param>
    /// <param name="longest">Most tokens.</param>
    /// <param name="training">Whether activations are kept for the backward pass; otherwise the layers share them.</param>
    internal SequencePass(ModelLayout layout, float* weights, PackedWeights packed, Rotary rotary, int longest, bool training)
    {
        _layout = layout;
        _weights = weights;
        _packed = packed;
        _rotary = rotary;
        Longest = longest;
        _layers = new LayerActivations[layout.Description.Layers];
        var shared = new LayerActivations(layout, longest);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = training && layer > 0 ? new LayerActivations(layout, longest) : shared;
        }

        _attention = new CausalAttention(layout, longest);
        _head = new LanguageHead(layout, packed.LanguageHead, longest);
        NativeBuffer Rows(int width) => new((long)longest * width);
        _all =
        [
            _finalInput = Rows(layout.Hidden),
            _finalOutput = Rows(layout.Hidden),
            _finalScale = Rows(1),
            _dResidual = Rows(layout.Hidden),
            _dNormalised = Rows(layout.Hidden),
            _dAttention = Rows(layout.Attention),
            _dQueryKeyValue = Rows(3 * layout.Attention),
            _dFeedForward = Rows(layout.FeedForward),
            _packing = Rows(Math.Max(layout.Hidden, Math.Max(layout.Attention, layout.FeedForward))),
        ];
    }

    /// <summary>Most tokens.</summary>
    internal int Longest { get; }

    /// <summary>The final hidden state of a position, after <see cref="Forward"/>.</summary>
    internal ReadOnlySpan<float> FinalState(int position) =>
        new(_finalOutput.Data + ((nint)position * _layout.Hidden), _layout.Description.HiddenSize);

    /// <summary>Computes the final hidden states of a sequence.</summary>
    internal void Forward(ReadOnlySpan<int> tokens)
    {
        int length = _length = tokens.Length, hidden = _layout.Hidden, attention = _layout.Attention, feedForward = _layout.FeedForward;
        LayerActivations first = _layers[0];
        for (int position = 0; position < length; position++)
        {
            float* embedding = _weights + _layout.Embedding.Offset + ((nint)tokens[position] * hidden);
            new ReadOnlySpan<float>(embedding, hidden).CopyTo(new Span<float>(first.Input.Data + ((nint)position * hidden), hidden));
        }

        for (int layer = 0; layer < _layers.Length; layer++)
        {
            LayerActivations at = _layers[layer];
            float* next = layer + 1 < _layers.Length ? _layers[layer + 1].Input.Data : _finalInput.Data;
            float* queryKeyValue = at.QueryKeyValue.Data;
            Normalise(at.Input, _layout.AttentionNorm[layer], at.AttentionInput, at.AttentionScale);
            MatrixProduct.Multiply(at.AttentionInput.Data, hidden, _packed.QueryKeyValue[layer].Forward, queryKeyValue, 3 * attention, length, 3 * attention, hidden);
            for (int position = 0; position < length; position++)
            {
                _rotary.Forward(queryKeyValue + ((nint)position * 3 * attention), 2 * _layout.Description.Heads, position);
            }

            _attention.Forward(queryKeyValue, at.AttentionOutput.Data, at.LogSumExp.Data, length);
            MatrixProduct.Multiply(at.AttentionOutput.Data, attention, _packed.Output[layer].Forward, at.Middle.Data, hidden, length, hidden, attention, at.Input.Data);
            Normalise(at.Middle, _layout.FeedForwardNorm[layer], at.FeedForwardInput, at.FeedForwardScale);
            MatrixProduct.Multiply(at.FeedForwardInput.Data, hidden, _packed.GateUp[layer].Forward, at.GateUp.Data, 2 * feedForward, length, 2 * feedForward, hidden);
            SwiGlu.Forward(at.GateUp.Data, at.FeedForwardHidden.Data, length, feedForward);
            MatrixProduct.Multiply(at.FeedForwardHidden.Data, feedForward, _packed.Down[layer].Forward, next, hidden, length, hidden, feedForward, at.Middle.Data);
        }

        Normalise(_finalInput, _layout.FinalNorm, _finalOutput, _finalScale);
    }

    /// <summary>log p of every token but the first, after <see cref="Forward"/>.</summary>
    internal void Score(ReadOnlySpan<int> tokens, Span<float> logProbabilities) => _head.Score(_finalOutput.Data, tokens, logProbabilities);

    /// <summary>Losses of the sequence that <see cref="Forward"/> was given last; adds their gradients.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="routing">Which loss falls on which label.</param>
    /// <param name="weight">Weight of every target.</param>
    /// <param name="gradients">The gradients of all parameters.</param>
    internal LossSums Backward(ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels, LossRouting routing, float weight, float* gradients)
    {
        int length = _length, hidden = _layout.Hidden, attention = _layout.Attention, feedForward = _layout.FeedForward;
        float* dResidual = _dResidual.Data, dNormalised = _dNormalised.Data;
        LossSums sums = _head.Backward(_finalOutput.Data, tokens, labels, routing, weight, dNormalised, gradients + _layout.LanguageHead.Offset);
        VectorOperations.Clear(dResidual, (long)length * hidden);
        NormaliseBackward(_finalInput, _layout.FinalNorm, _finalOutput, _finalScale, gradients);

        for (int layer = _layers.Length - 1; layer >= 0; layer--)
        {
            LayerActivations at = _layers[layer];
            WeightGradient(dResidual, at.FeedForwardHidden, _layout.Down[layer], gradients);
            MatrixProduct.Multiply(dResidual, hidden, _packed.Down[layer].Backward, _dFeedForward.Data, feedForward, length, feedForward, hidden);
            SwiGlu.Backward(at.GateUp.Data, _dFeedForward.Data, length, feedForward);
            WeightGradient(at.GateUp.Data, at.FeedForwardInput, _layout.GateUp[layer], gradients);
            MatrixProduct.Multiply(at.GateUp.Data, 2 * feedForward, _packed.GateUp[layer].Backward, dNormalised, hidden, length, hidden, 2 * feedForward);
            NormaliseBackward(at.Middle, _layout.FeedForwardNorm[layer], at.FeedForwardInput, at.FeedForwardScale, gradients);

            float* dQueryKeyValue = _dQueryKeyValue.Data;
            WeightGradient(dResidual, at.AttentionOutput, _layout.Output[layer], gradients);
            MatrixProduct.Multiply(dResidual, hidden, _packed.Output[layer].Backward, _dAttention.Data, attention, length, attention, hidden);
            _attention.Backward(at.QueryKeyValue.Data, at.AttentionOutput.Data, at.LogSumExp.Data, _dAttention.Data, dQueryKeyValue, length);
            for (int position = 0; position < length; position++)
            {
                _rotary.Backward(dQueryKeyValue + ((nint)position * 3 * attention), 2 * _layout.Description.Heads, position);
            }

            WeightGradient(dQueryKeyValue, at.AttentionInput, _layout.QueryKeyValue[layer], gradients);
            MatrixProduct.Multiply(dQueryKeyValue, 3 * attention, _packed.QueryKeyValue[layer].Backward, dNormalised, hidden, length, hidden, 3 * attention);
            NormaliseBackward(at.Input, _layout.AttentionNorm[layer], at.AttentionInput, at.AttentionScale, gradients);
        }

        for (int position = 0; position < length; position++)
        {
            VectorOperations.Add(dResidual + ((nint)position * hidden), gradients + _layout.Embedding.Offset + ((nint)tokens[position] * hidden), hidden);
        }

        return sums;
    }

    public void Dispose()
    {
        foreach (LayerActivations layer in _layers.Distinct())
        {
            layer.Dispose();
        }

        foreach (NativeBuffer buffer in _all)
        {
            buffer.Dispose();
        }

        _attention.Dispose();
        _head.Dispose();
    }

    private void Normalise(NativeBuffer x, long weight, NativeBuffer y, NativeBuffer scales) =>
        Normalisation.Forward(_layout, x.Data, _weights + weight, y.Data, scales.Data, _length);

    /// <summary>From the gradient of the normalised rows to that of the residual stream.</summary>
    private void NormaliseBackward(NativeBuffer x, long weight, NativeBuffer y, NativeBuffer scales, float* gradients) => Normalisation.Backward(
        _layout, x.Data, _weights + weight, y.Data, scales.Data, _dNormalised.Data, _dResidual.Data, gradients + weight, _length);

    /// <summary>dW += dyᵀ x.</summary>
    private void WeightGradient(float* dy, NativeBuffer x, MatrixRegion matrix, float* gradients)
    {
        Panels packed = Panels.Pack(x.Data, matrix.Inputs, _length, matrix.Inputs, _packing.Data);
        MatrixProduct.MultiplyTransposed(
            dy, matrix.Outputs, packed, gradients + matrix.Offset, matrix.Inputs, matrix.Outputs, matrix.Inputs, _length, accumulate: true);
    }
}
