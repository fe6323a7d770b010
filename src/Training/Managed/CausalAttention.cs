namespace SlungOrleans.Training.Managed;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., arXiv 1706.03762) of every token to itself and those before it, head after head, in
/// blocks of queries: keys that no query of a block may see are skipped. The backward pass computes the probabilities again.
/// </summary>
internal sealed unsafe class CausalAttention : IDisposable
{
    private const int QueryBlock = 32;

    private readonly ModelLayout _layout;
    private readonly float _scale;
    private readonly int _stride;
    private readonly int _scoreStride;
    private readonly NativeBuffer _keysTransposed;
    private readonly NativeBuffer _keys;
    private readonly NativeBuffer _valuesTransposed;
    private readonly NativeBuffer _values;
    private readonly NativeBuffer _queries;
    private readonly NativeBuffer _dOutputs;
    private readonly NativeBuffer _scores;
    private readonly NativeBuffer _dScores;

    /// <param name="layout">The model.</param>
    /// <param name="length">Most tokens.</param>
    internal CausalAttention(ModelLayout layout, int length)
    {
        _layout = layout;
        _scale = 1 / MathF.Sqrt(layout.Description.HeadSize);
        _stride = 3 * layout.Attention;
        _scoreStride = Lanes.Pad(length);
        long head = (long)_scoreStride * layout.Head;
        _keysTransposed = new NativeBuffer(head);
        _keys = new NativeBuffer(head);
        _valuesTransposed = new NativeBuffer(head);
        _values = new NativeBuffer(head);
        _queries = new NativeBuffer(QueryBlock * layout.Head);
        _dOutputs = new NativeBuffer(QueryBlock * layout.Head);
        _scores = new NativeBuffer((long)QueryBlock * _scoreStride);
        _dScores = new NativeBuffer((long)QueryBlock * _scoreStride);
    }

    /// <param name="queryKeyValue">Rows of queries, keys and values.</param>
    /// <param name="output">Receives the heads' outputs.</param>
    /// <param name="logSumExp">Receives the log-sum-exp of every head and token.</param>
    /// <param name="length">How many tokens.</param>
    internal void Forward(float* queryKeyValue, float* output, float* logSumExp, int length)
    {
        int head = _layout.Head, attention = _layout.Attention;
        float* sums = stackalloc float[QueryBlock];
        for (int h = 0; h < _layout.Description.Heads; h++, logSumExp += length)
        {
            float* q = queryKeyValue + (h * head), o = output + (h * head);
            Panels keysTransposed = Panels.PackTransposed(q + attention, _stride, length, head, _keysTransposed.Data);
            Panels values = Panels.Pack(q + (2 * attention), _stride, length, head, _values.Data);
            for (int first = 0; first < length; first += QueryBlock)
            {
                int rows = Math.Min(QueryBlock, length - first), keys = first + rows, padded = Lanes.Pad(keys);
                float* block = o + ((nint)first * attention);
                MatrixProduct.Multiply(q + ((nint)first * _stride), _stride, keysTransposed, _scores.Data, _scoreStride, rows, padded, head);
                for (int row = 0; row < rows; row++)
                {
                    logSumExp[first + row] = CausalSoftmax.Forward(_scores.Data + (row * _scoreStride), first + row + 1, padded, _scale, out sums[row]);
                }

                MatrixProduct.Multiply(_scores.Data, _scoreStride, values, block, attention, rows, head, keys);
                for (int row = 0; row < rows; row++)
                {
                    VectorOperations.Scale(block + (row * attention), head, 1 / sums[row]);
                }
            }
        }
    }

    /// <param name="queryKeyValue">As in the forward pass.</param>
    /// <param name="output">What the forward pass gave.</param>
    /// <param name="logSumExp">What the forward pass gave.</param>
    /// <param name="dOutput">The gradient of the output.</param>
    /// <param name="dQueryKeyValue">Receives the gradients of queries, keys and values.</param>
    /// <param name="length">How many tokens.</param>
    internal void Backward(float* queryKeyValue, float* output, float* logSumExp, float* dOutput, float* dQueryKeyValue, int length)
    {
        int head = _layout.Head, attention = _layout.Attention;
        for (int h = 0; h < _layout.Description.Heads; h++, logSumExp += length)
        {
            float* q = queryKeyValue + (h * head), o = output + (h * head), dO = dOutput + (h * head), dQ = dQueryKeyValue + (h * head);
            Panels keysTransposed = Panels.PackTransposed(q + attention, _stride, length, head, _keysTransposed.Data);
            Panels keys = Panels.Pack(q + attention, _stride, length, head, _keys.Data);
            Panels valuesTransposed = Panels.PackTransposed(q + (2 * attention), _stride, length, head, _valuesTransposed.Data);

            // The last block comes first: it sees every key, so it sets the keys' and values' gradients, to which the others add.
            for (int first = (length - 1) / QueryBlock * QueryBlock; first >= 0; first -= QueryBlock)
            {
                int rows = Math.Min(QueryBlock, length - first), visible = first + rows, padded = Lanes.Pad(visible);
                bool accumulate = visible < length;
                float* queryBlock = q + ((nint)first * _stride);
                nint outputBlock = (nint)first * attention;
                Panels queries = Panels.Pack(queryBlock, _stride, rows, head, _queries.Data);
                Panels dOutputs = Panels.Pack(dO + outputBlock, attention, rows, head, _dOutputs.Data);
                MatrixProduct.Multiply(queryBlock, _stride, keysTransposed, _scores.Data, _scoreStride, rows, padded, head);
                MatrixProduct.Multiply(dO + outputBlock, attention, valuesTransposed, _dScores.Data, _scoreStride, rows, padded, head);
                for (int row = 0; row < rows; row++)
                {
                    nint at = outputBlock + ((nint)row * attention), score = (nint)row * _scoreStride;
                    float expected = VectorOperations.Dot(dO + at, o + at, head);
                    CausalSoftmax.Backward(_scores.Data + score, _dScores.Data + score, first + row + 1, padded, _scale, logSumExp[first + row], expected);
                }

                MatrixProduct.Multiply(_dScores.Data, _scoreStride, keys, dQ + ((nint)first * _stride), _stride, rows, head, visible);
                MatrixProduct.MultiplyTransposed(_dScores.Data, _scoreStride, queries, dQ + attention, _stride, visible, head, rows, accumulate);
                MatrixProduct.MultiplyTransposed(_scores.Data, _scoreStride, dOutputs, dQ + (2 * attention), _stride, visible, head, rows, accumulate);
            }
        }
    }

    public void Dispose()
    {
        foreach (NativeBuffer buffer in (NativeBuffer[])[_keysTransposed, _keys, _valuesTransposed, _values, _queries, _dOutputs, _scores, _dScores])
        {
            buffer.Dispose();
        }
    }
}
