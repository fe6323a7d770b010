namespace SlungOrleans.Training.Managed;

/// <summary>A token to be read by <see cref="IncrementalPass"/>.</summary>
/// <param name="Slot">Its sequence's slot in the cache.</param>
/// <param name="Position">Its position; those before it are in the cache or in earlier rows of the same step.</param>
/// <param name="Token">The token.</param>
/// <param name="Predicts">Whether the logits of the next token are wanted.</param>
internal readonly record struct IncrementalRow(int Slot, int Position, int Token, bool Predicts);

/// <summary>
/// The decoder over tokens of several sequences at a time, each at its own position, with cached keys and values: rows of one product
/// share the weights' way to the processor, and no row depends on those beside it. Prompts and continuations go the same way.
/// </summary>
internal sealed unsafe class IncrementalPass : IDisposable
{
    internal const int MostRows = 64;

    private readonly ModelLayout _layout;
    private readonly float* _weights;
    private readonly PackedWeights _packed;
    private readonly Rotary _rotary;
    private readonly KeyValueCache _cache;
    private readonly NativeBuffer[] _all;
    private readonly NativeBuffer _residual;
    private readonly NativeBuffer _normalised;
    private readonly NativeBuffer _normScales;
    private readonly NativeBuffer _queryKeyValue;
    private readonly NativeBuffer _attention;
    private readonly NativeBuffer _gateUp;
    private readonly NativeBuffer _feedForward;
    private readonly NativeBuffer _logits;
    private readonly NativeBuffer _scores;
    private readonly WorkerTeam? _team;
    private readonly Action<int, int> _multiplyPart;
    private (nint A, Panels B, nint C, int Rows, bool Add) _product;

    /// <param name="layout">The model.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="packed">Its weights in panels.</param>
    /// <param name="rotary">Its rotary positions.</param>
    /// <param name="slots">Most sequences at a time.</param>
    /// <param name="longest">Most tokens of each.</param>
    /// <param name="team">Threads that share out the columns of each product; null where the calling thread does them alone.</param>
    internal IncrementalPass(ModelLayout layout, float* weights, PackedWeights packed, Rotary rotary, int slots, int longest, WorkerTeam? team)
    {
        _team = team;
        _multiplyPart = MultiplyPart;
        _layout = layout;
        _weights = weights;
        _packed = packed;
        _rotary = rotary;
        _cache = new KeyValueCache(layout, slots, longest);
        NativeBuffer Rows(int width) => new((long)MostRows * width);
        _all =
        [
            _residual = Rows(layout.Hidden),
            _normalised = Rows(layout.Hidden),
            _normScales = Rows(1),
            _queryKeyValue = Rows(3 * layout.Attention),
            _attention = Rows(layout.Attention),
            _gateUp = Rows(2 * layout.FeedForward),
            _feedForward = Rows(layout.FeedForward),
            _logits = Rows(layout.Vocabulary),
            _scores = new NativeBuffer(_cache.Capacity),
        ];
    }

    /// <summary>The logits of the n-th row that predicts, after <see cref="Step"/>.</summary>
    internal ReadOnlySpan<float> Logits(int prediction) =>
        new(_logits.Data + ((nint)prediction * _layout.Vocabulary), _layout.Description.VocabularySize);

    /// <summary>Reads up to <see cref="MostRows"/> tokens; those of a sequence in order.</summary>
    internal void Step(ReadOnlySpan<IncrementalRow> rows)
    {
        int hidden = _layout.Hidden, feedForward = _layout.FeedForward, count = rows.Length;
        float* residual = _residual.Data;
        Panels embeddings = _layout.Embedding.In(_weights);
        for (int row = 0; row < count; row++)
        {
            embeddings.CopyRowTo(rows[row].Token, residual + ((nint)row * hidden));
        }

        for (int layer = 0; layer < _layout.Description.Layers; layer++)
        {
            Normalise(_layout.AttentionNorm[layer], count);
            Multiply(_normalised.Data, _packed[_layout.QueryKeyValue[layer]], _queryKeyValue.Data, count);
            Attend(rows, layer);
            Multiply(_attention.Data, _packed[_layout.Output[layer]], residual, count, add: true);
            Normalise(_layout.FeedForwardNorm[layer], count);
            Multiply(_normalised.Data, _packed[_layout.GateUp[layer]], _gateUp.Data, count);
            SwiGlu.Forward(_gateUp.Data, _feedForward.Data, count, feedForward);
            Multiply(_feedForward.Data, _packed[_layout.Down[layer]], residual, count, add: true);
        }

        int predictions = 0;
        for (int row = 0; row < count; row++)
        {
            if (rows[row].Predicts)
            {
                CopyRow(residual, row, residual, predictions++, hidden);
            }
        }

        Normalise(_layout.FinalNorm, predictions);
        Multiply(_normalised.Data, _packed[_layout.LanguageHead], _logits.Data, predictions);
    }

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _all)
        {
            buffer.Dispose();
        }

        _cache.Dispose();
    }

    /// <summary>C = A B, or C += A B.</summary>
    private void Multiply(float* a, Panels b, float* c, int rows, bool add = false)
    {
        _product = ((nint)a, b, (nint)c, rows, add);
        if (_team is null)
        {
            MultiplyColumns(0, b.Columns);
        }
        else
        {
            _team.ForEach(_team.Size, _multiplyPart);
        }
    }

    /// <summary>A thread's share of the columns, whole groups of panels.</summary>
    private void MultiplyPart(int worker, int part)
    {
        const int Unit = FewRowsKernel.Panels * MicroKernel.Columns;
        int units = (_product.B.Columns + Unit - 1) / Unit, parts = _team!.Size;
        int first = units * part / parts * Unit, end = Math.Min(units * (part + 1) / parts * Unit, _product.B.Columns);
        if (first < end)
        {
            MultiplyColumns(first, end);
        }
    }

    private void MultiplyColumns(int first, int end)
    {
        float* c = (float*)_product.C + first;
        MatrixProduct.Multiply(
            (float*)_product.A, _product.B.Depth, _product.B.From(first), c, _product.B.Columns, _product.Rows, end - first, _product.B.Depth, _product.Add ? c : null);
    }

    private void Normalise(long weight, int rows) =>
        Normalisation.Forward(_layout, _residual.Data, _weights + weight, _normalised.Data, _normScales.Data, rows);

    /// <summary>Keeps the rows' keys and values, then lets every row attend to its sequence up to itself.</summary>
    private void Attend(ReadOnlySpan<IncrementalRow> rows, int layer)
    {
        int heads = _layout.Description.Heads, head = _layout.Head, attention = _layout.Attention;
        for (int row = 0; row < rows.Length; row++)
        {
            float* q = _queryKeyValue.Data + ((nint)row * 3 * attention);
            _rotary.Forward(q, 2 * heads, rows[row].Position);
            for (int h = 0; h < heads; h++)
            {
                float* key = q + attention + (h * head);
                _cache.Store(rows[row].Slot, layer, h, rows[row].Position, key, key + attention);
            }
        }

        float scale = 1 / MathF.Sqrt(_layout.Description.HeadSize), maximum, inverseSum;
        for (int row = 0; row < rows.Length; row++)
        {
            int visible = rows[row].Position + 1, padded = Lanes.Pad(visible);
            for (int h = 0; h < heads; h++)
            {
                float* query = _queryKeyValue.Data + ((nint)row * 3 * attention) + (h * head);
                float* output = _attention.Data + ((nint)row * attention) + (h * head);
                MatrixProduct.Multiply(query, head, _cache.Keys(rows[row].Slot, layer, h), _scores.Data, padded, 1, padded, head);
                CausalSoftmax.Forward(_scores.Data, padded, 1, visible, padded, scale, &maximum, &inverseSum, null, 0);
                MatrixProduct.Multiply(_scores.Data, padded, _cache.Values(rows[row].Slot, layer, h), output, head, 1, head, visible);
                VectorOperations.Scale(output, head, inverseSum);
            }
        }
    }

    private static void CopyRow(float* from, int fromRow, float* to, int toRow, int width) =>
        new ReadOnlySpan<float>(from + ((nint)fromRow * width), width).CopyTo(new Span<float>(to + ((nint)toRow * width), width));
}
