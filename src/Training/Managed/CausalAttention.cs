namespace SlungOrleans.Training.Managed;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., arXiv 1706.03762) of every token to itself and those before it, head after head, in
/// blocks of queries: keys that no query of a block may see are skipped. The backward pass computes the probabilities again.
/// </summary>
internal sealed unsafe class CausalAttention
{
    private const int QueryBlock = 32;

    private readonly ModelLayout _layout;
    private readonly float _scale;
    private readonly int _stride;
    private readonly int _scoreStride;
    private readonly float* _keysTransposed;
    private readonly float* _keys;
    private readonly float* _valuesTransposed;
    private readonly float* _values;
    private readonly float* _queries;
    private readonly float* _dOutputs;
    private readonly float* _scores;
    private readonly float* _dScores;

    /// <param name="layout">The model.</param>
    /// <param name="length">Most tokens.</param>
    /// <param name="arena">Where its memory comes from.</param>
    internal CausalAttention(ModelLayout layout, int length, NativeArena arena)
    {
        _layout = layout;
        _scale = 1 / MathF.Sqrt(layout.Description.HeadSize);
        _stride = 3 * layout.Attention;
        _scoreStride = Lanes.Pad(length);
        long head = (long)_scoreStride * layout.Head;
        _keysTransposed = arena.Take(head);
        _keys = arena.Take(head);
        _valuesTransposed = arena.Take(head);
        _values = arena.Take(head);
        _queries = arena.Take(QueryBlock * layout.Head);
        _dOutputs = arena.Take(QueryBlock * layout.Head);
        _scores = arena.Take((long)QueryBlock * _scoreStride);
        _dScores = arena.Take((long)QueryBlock * _scoreStride);
    }

    /// <param name="queryKeyValue">Rows of queries, keys and values.</param>
    /// <param name="output">Receives the heads' outputs.</param>
    /// <param name="maxima">Receives the largest score of every head and query.</param>
    /// <param name="inverseSums">Receives the inverse of the softmax's sum of every head and query.</param>
    /// <param name="length">How many tokens.</param>
    /// <param name="starts">For each token the first one that it may see, never falling; null where that is the very first.</param>
    internal void Forward(float* queryKeyValue, float* output, float* maxima, float* inverseSums, int length, int* starts)
    {
        int head = _layout.Head, attention = _layout.Attention;
        for (int h = 0; h < _layout.Description.Heads; h++, maxima += length, inverseSums += length)
        {
            float* q = queryKeyValue + (h * head), o = output + (h * head);
            Panels keysTransposed = Panels.PackTransposed(q + attention, _stride, length, head, _keysTransposed);
            Panels values = Panels.Pack(q + (2 * attention), _stride, length, head, _values);
            for (int first = 0; first < length; first += QueryBlock)
            {
                int rows = Math.Min(QueryBlock, length - first), origin = Origin(starts, first), keys = first + rows - origin, padded = Lanes.Pad(keys);
                int* from = starts == null ? null : starts + first;
                float* block = o + ((nint)first * attention);
                MatrixProduct.Multiply(q + ((nint)first * _stride), _stride, keysTransposed.From(origin), _scores, _scoreStride, rows, padded, head);
                CausalSoftmax.Forward(
                    _scores, _scoreStride, rows, first + 1 - origin, padded, _scale, maxima + first, inverseSums + first, from, origin);
                MatrixProduct.MultiplyPart(_scores, _scoreStride, values, origin, block, attention, rows, head, keys, null);
                VectorOperations.ScaleRows(block, attention, rows, head, inverseSums + first);
            }
        }
    }

    /// <param name="queryKeyValue">As in the forward pass.</param>
    /// <param name="output">What the forward pass gave.</param>
    /// <param name="maxima">What the forward pass gave.</param>
    /// <param name="inverseSums">What the forward pass gave.</param>
    /// <param name="dOutput">The gradient of the output.</param>
    /// <param name="dQueryKeyValue">Receives the gradients of queries, keys and values.</param>
    /// <param name="length">How many tokens.</param>
    /// <param name="starts">As in the forward pass.</param>
    internal void Backward(
        float* queryKeyValue, float* output, float* maxima, float* inverseSums, float* dOutput, float* dQueryKeyValue, int length, int* starts)
    {
        int head = _layout.Head, attention = _layout.Attention;
        float* expected = stackalloc float[QueryBlock];
        for (int h = 0; h < _layout.Description.Heads; h++, maxima += length, inverseSums += length)
        {
            float* q = queryKeyValue + (h * head), o = output + (h * head), dO = dOutput + (h * head), dQ = dQueryKeyValue + (h * head);
            Panels keysTransposed = Panels.PackTransposed(q + attention, _stride, length, head, _keysTransposed);
            Panels keys = Panels.Pack(q + attention, _stride, length, head, _keys);
            Panels valuesTransposed = Panels.PackTransposed(q + (2 * attention), _stride, length, head, _valuesTransposed);

            if (starts != null)
            {
                ClearKeyAndValueGradients(dQ, length);
            }

            // The last block comes first: if it sees every key, it sets the keys' and values' gradients, to which the others add.
            for (int first = (length - 1) / QueryBlock * QueryBlock; first >= 0; first -= QueryBlock)
            {
                int rows = Math.Min(QueryBlock, length - first), origin = Origin(starts, first), visible = first + rows - origin, padded = Lanes.Pad(visible);
                int* from = starts == null ? null : starts + first;
                bool accumulate = starts != null || first + rows < length;
                float* dKeys = dQ + attention + ((nint)origin * _stride), dValues = dKeys + attention;
                float* queryBlock = q + ((nint)first * _stride);
                nint outputBlock = (nint)first * attention;
                Panels queries = Panels.Pack(queryBlock, _stride, rows, head, _queries);
                Panels dOutputs = Panels.Pack(dO + outputBlock, attention, rows, head, _dOutputs);
                MatrixProduct.Multiply(queryBlock, _stride, keysTransposed.From(origin), _scores, _scoreStride, rows, padded, head);
                MatrixProduct.Multiply(dO + outputBlock, attention, valuesTransposed.From(origin), _dScores, _scoreStride, rows, padded, head);
                VectorOperations.DotRows(dO + outputBlock, o + outputBlock, attention, rows, head, expected);
                CausalSoftmax.Backward(
                    _scores, _dScores, _scoreStride, rows, first + 1 - origin, padded, _scale, maxima + first, inverseSums + first, expected, from, origin);
                MatrixProduct.MultiplyPart(_dScores, _scoreStride, keys, origin, dQ + ((nint)first * _stride), _stride, rows, head, visible, null);
                MatrixProduct.MultiplyTransposed(_dScores, _scoreStride, queries, new ProductTarget(dKeys, _stride), visible, head, rows, accumulate);
                MatrixProduct.MultiplyTransposed(_scores, _scoreStride, dOutputs, new ProductTarget(dValues, _stride), visible, head, rows, accumulate);
            }
        }
    }

    /// <summary>Where the panel begins in which the first key lies that a block of queries may see.</summary>
    private static int Origin(int* starts, int firstQuery) => starts == null ? 0 : starts[firstQuery] & -MicroKernel.Columns;

    private void ClearKeyAndValueGradients(float* dHead, int length)
    {
        int attention = _layout.Attention;
        for (int position = 0; position < length; position++, dHead += _stride)
        {
            VectorOperations.Clear(dHead + attention, _layout.Head);
            VectorOperations.Clear(dHead + (2 * attention), _layout.Head);
        }
    }
}
