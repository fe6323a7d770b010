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
    private readonly NativeArena _arena = new();
    private readonly float* _normalised;
    private readonly float* _finalInput;
    private readonly float* _finalOutput;
    private readonly float* _finalScale;
    private readonly float* _dResidual;
    private readonly float* _dNormalised;
    private readonly float* _dAttention;
    private readonly float* _dQueryKeyValue;
    private readonly float* _feedForward;
    private readonly float* _packing;
    private readonly int* _documentStarts;
    private int* _starts;
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
        var shared = new LayerActivations(layout, longest, _arena);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = training && layer > 0 ? new LayerActivations(layout, longest, _arena) : shared;
        }

        _attention = new CausalAttention(layout, longest, _arena);
        _head = new LanguageHead(layout, weights, packed, longest, _arena);
        float* Rows(int width) => _arena.Take((long)longest * width);
        _documentStarts = (int*)Rows(1);
        _normalised = Rows(layout.Hidden);
        _finalInput = Rows(layout.Hidden);
        _finalOutput = Rows(layout.Hidden);
        _finalScale = Rows(1);
        _dResidual = Rows(layout.Hidden);
        _dNormalised = Rows(layout.Hidden);
        _dAttention = Rows(layout.Attention);
        _dQueryKeyValue = Rows(3 * layout.Attention);
        _feedForward = Rows(layout.FeedForward);
        _packing = Rows(Math.Max(layout.Hidden, Math.Max(layout.Attention, layout.FeedForward)));
    }

    /// <summary>Most tokens.</summary>
    internal int Longest { get; }

    /// <summary>Floats that it takes.</summary>
    internal long Taken => _arena.Taken;

    /// <summary>The final hidden state of a position, after <see cref="Forward"/>.</summary>
    internal ReadOnlySpan<float> FinalState(int position) =>
        new(_finalOutput + ((nint)position * _layout.Hidden), _layout.Description.HiddenSize);

    /// <summary>Computes the final hidden states of a sequence.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="labels">Its labels where no token may see documents before its own, which end with label 0; empty where all may be seen.</param>
    internal void Forward(ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels = default)
    {
        _starts = labels.IsEmpty ? null : _documentStarts;
        for (int position = 1; position < labels.Length; position++)
        {
            _documentStarts[position] = labels[position - 1] == 0 ? position : _documentStarts[position - 1];
        }

        int length = _length = tokens.Length, hidden = _layout.Hidden, attention = _layout.Attention, feedForward = _layout.FeedForward;
        LayerActivations first = _layers[0];
        Panels embeddings = _layout.Embedding.In(_weights);
        for (int position = 0; position < length; position++)
        {
            embeddings.CopyRowTo(tokens[position], first.Input + ((nint)position * hidden));
        }

        for (int layer = 0; layer < _layers.Length; layer++)
        {
            LayerActivations at = _layers[layer];
            float* next = layer + 1 < _layers.Length ? _layers[layer + 1].Input : _finalInput;
            float* queryKeyValue = at.QueryKeyValue;
            Normalise(at.Input, _layout.AttentionNorm[layer], _normalised, at.AttentionScale);
            MatrixProduct.Multiply(
                _normalised, hidden, _packed[_layout.QueryKeyValue[layer]], queryKeyValue, 3 * attention, length, 3 * attention, hidden);
            for (int position = 0; position < length; position++)
            {
                _rotary.Forward(queryKeyValue + ((nint)position * 3 * attention), 2 * _layout.Description.Heads, position);
            }

            _attention.Forward(queryKeyValue, at.AttentionOutput, at.ScoreMaxima, at.InverseSums, length, _starts);
            MatrixProduct.Multiply(
                at.AttentionOutput, attention, _packed[_layout.Output[layer]], at.Middle, hidden, length, hidden, attention, at.Input);
            Normalise(at.Middle, _layout.FeedForwardNorm[layer], _normalised, at.FeedForwardScale);
            MatrixProduct.Multiply(
                _normalised, hidden, _packed[_layout.GateUp[layer]], at.GateUp, 2 * feedForward, length, 2 * feedForward, hidden);
            SwiGlu.Forward(at.GateUp, _feedForward, length, feedForward);
            MatrixProduct.Multiply(
                _feedForward, feedForward, _packed[_layout.Down[layer]], next, hidden, length, hidden, feedForward, at.Middle);
        }

        Normalise(_finalInput, _layout.FinalNorm, _finalOutput, _finalScale);
    }

    /// <summary>log p of every token but the first, after <see cref="Forward"/>.</summary>
    internal void Score(ReadOnlySpan<int> tokens, Span<float> logProbabilities) => _head.Score(_finalOutput, tokens, logProbabilities);

    /// <summary>Losses of the sequence that <see cref="Forward"/> was given last, and their gradients.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="routing">Which loss falls on which label.</param>
    /// <param name="weight">Weight of every target.</param>
    /// <param name="gradients">The gradients of all parameters.</param>
    /// <param name="turn">When to add to them.</param>
    internal LossSums Backward(
        ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels, LossRouting routing, float weight, GradientTensors gradients, BackwardTurn turn)
    {
        int length = _length, hidden = _layout.Hidden, attention = _layout.Attention, feedForward = _layout.FeedForward;
        float* dResidual = _dResidual, dNormalised = _dNormalised;
        LossSums sums = _head.Backward(_finalOutput, tokens, labels, routing, weight, dNormalised, gradients.Parameters, turn);
        int operation = _head.Operations;
        VectorOperations.Clear(dResidual, (long)length * hidden);
        NormaliseBackward(_finalInput, _layout.FinalNorm, _finalOutput, _finalScale, gradients, turn, operation++);

        for (int layer = _layers.Length - 1; layer >= 0; layer--)
        {
            LayerActivations at = _layers[layer];
            MatrixProduct.Multiply(
                dResidual, hidden, _layout.Down[layer].In(_weights), _feedForward, feedForward, length, feedForward, hidden);
            SwiGlu.Backward(at.GateUp, _feedForward, length, feedForward);
            WeightGradient(dResidual, _feedForward, _layout.Down[layer], gradients, turn, operation++);
            Normalise(at.Middle, _layout.FeedForwardNorm[layer], _normalised, at.FeedForwardScale);
            WeightGradient(at.GateUp, _normalised, _layout.GateUp[layer], gradients, turn, operation++);
            MatrixProduct.Multiply(
                at.GateUp, 2 * feedForward, _layout.GateUp[layer].In(_weights), dNormalised, hidden, length, hidden, 2 * feedForward);
            NormaliseBackward(at.Middle, _layout.FeedForwardNorm[layer], _normalised, at.FeedForwardScale, gradients, turn, operation++);

            float* dQueryKeyValue = _dQueryKeyValue;
            WeightGradient(dResidual, at.AttentionOutput, _layout.Output[layer], gradients, turn, operation++);
            MatrixProduct.Multiply(
                dResidual, hidden, _layout.Output[layer].In(_weights), _dAttention, attention, length, attention, hidden);
            _attention.Backward(at.QueryKeyValue, at.AttentionOutput, at.ScoreMaxima, at.InverseSums, _dAttention, dQueryKeyValue, length, _starts);
            for (int position = 0; position < length; position++)
            {
                _rotary.Backward(dQueryKeyValue + ((nint)position * 3 * attention), 2 * _layout.Description.Heads, position);
            }

            Normalise(at.Input, _layout.AttentionNorm[layer], _normalised, at.AttentionScale);
            WeightGradient(dQueryKeyValue, _normalised, _layout.QueryKeyValue[layer], gradients, turn, operation++);
            MatrixProduct.Multiply(
                dQueryKeyValue, 3 * attention, _layout.QueryKeyValue[layer].In(_weights), dNormalised, hidden, length, hidden, 3 * attention);
            NormaliseBackward(at.Input, _layout.AttentionNorm[layer], _normalised, at.AttentionScale, gradients, turn, operation++);
        }

        turn.Await(operation);
        if (turn.Replaces)
        {
            VectorOperations.Clear(gradients.Embedding, _layout.Embedding.Length);
        }

        var dEmbeddings = new Panels(gradients.Embedding, _layout.Embedding.Outputs, _layout.Embedding.Inputs);
        for (int position = 0; position < length; position++)
        {
            dEmbeddings.AddToRow(tokens[position], dResidual + ((nint)position * hidden));
        }

        turn.Complete(operation);
        return sums;
    }

    public void Dispose() => _arena.Dispose();

    private void Normalise(float* x, long weight, float* y, float* scales) =>
        Normalisation.Forward(_layout, x, _weights + weight, y, scales, _length);

    /// <summary>From the gradient of the normalised rows to that of the residual stream.</summary>
    private void NormaliseBackward(float* x, long weight, float* y, float* scales, GradientTensors gradients, BackwardTurn turn, int operation)
    {
        turn.Await(operation);
        float* dWeight = gradients.Parameters + weight;
        if (turn.Replaces && _layout.Description.Norm == NormKind.Rms)
        {
            VectorOperations.Clear(dWeight, _layout.Hidden);
        }

        Normalisation.Backward(_layout, x, _weights + weight, y, scales, _dNormalised, _dResidual, dWeight, _length);
        turn.Complete(operation);
    }

    /// <summary>dW = dyᵀ x or dW += dyᵀ x.</summary>
    private void WeightGradient(float* dy, float* x, MatrixRegion matrix, GradientTensors gradients, BackwardTurn turn, int operation)
    {
        Panels packed = Panels.Pack(x, matrix.Inputs, _length, matrix.Inputs, _packing);
        turn.Await(operation);
        MatrixProduct.MultiplyTransposed(
            dy, matrix.Outputs, packed, new ProductTarget(matrix.In(gradients.Parameters)), matrix.Outputs, matrix.Inputs, _length, !turn.Replaces);
        turn.Complete(operation);
    }
}

/// <summary>Where gradients are added.</summary>
/// <param name="parameters">All parameters', as the layout places them.</param>
/// <param name="embedding">The embedding's: apart from the others where the head, whose gradients are the same parameters', is tied to it.</param>
internal readonly unsafe struct GradientTensors(float* parameters, float* embedding)
{
    internal float* Parameters { get; } = parameters;

    internal float* Embedding { get; } = embedding;
}
