namespace SlungOrleans.Training.Managed;

/// <summary>Sums of the losses of some targets.</summary>
internal record struct LossSums(double CrossEntropy, long CrossEntropyTokens, double Unlikelihood, long UnlikelihoodTokens)
{
    internal void Add(in LossSums other)
    {
        CrossEntropy += other.CrossEntropy;
        CrossEntropyTokens += other.CrossEntropyTokens;
        Unlikelihood += other.Unlikelihood;
        UnlikelihoodTokens += other.UnlikelihoodTokens;
    }
}

/// <summary>
/// Logits and the selective loss, some rows at a time so that logits are never there for a whole long sequence. Positions whose target
/// bears no loss are left out.
/// </summary>
internal sealed unsafe class LanguageHead : IDisposable
{
    /// <summary>Logits at a time: about a mebibyte, within the second-level cache, but enough rows to use the weights well.</summary>
    private const int LogitsAtOnce = 256 * 1024;
    private const int FewestRows = 32;
    private const int MostRows = 256;

    private readonly ModelLayout _layout;
    private readonly PackedMatrix _weights;
    private readonly int _rowsAtOnce;
    private readonly NativeBuffer _logits;
    private readonly NativeBuffer _hidden;
    private readonly NativeBuffer _dHidden;
    private readonly NativeBuffer _packed;
    private readonly int[] _positions;

    internal LanguageHead(ModelLayout layout, PackedMatrix weights, int length)
    {
        _layout = layout;
        _weights = weights;
        _rowsAtOnce = Math.Clamp(LogitsAtOnce / layout.Vocabulary, FewestRows, MostRows);
        int rows = Math.Min(_rowsAtOnce, length);
        _logits = new NativeBuffer((long)rows * layout.Vocabulary);
        _hidden = new NativeBuffer((long)rows * layout.Hidden);
        _dHidden = new NativeBuffer((long)rows * layout.Hidden);
        _packed = new NativeBuffer((long)rows * layout.Hidden);
        _positions = new int[length];
    }

    /// <summary>log p(token t + 1 | tokens to t) from the final hidden states.</summary>
    internal void Score(float* hidden, ReadOnlySpan<int> tokens, Span<float> logProbabilities)
    {
        for (int first = 0; first < logProbabilities.Length; first += _rowsAtOnce)
        {
            int rows = Math.Min(_rowsAtOnce, logProbabilities.Length - first);
            Logits(hidden + ((nint)first * _layout.Hidden), rows);
            for (int row = 0; row < rows; row++)
            {
                logProbabilities[first + row] =
                    (float)SelectiveLoss.LogProbability(Row(row), _layout.Description.VocabularySize, tokens[first + row + 1]);
            }
        }
    }

    /// <summary>Losses of a sequence and their gradients.</summary>
    /// <param name="hidden">The final hidden states.</param>
    /// <param name="tokens">The sequence.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="routing">Which loss falls on which label.</param>
    /// <param name="weight">Weight of every target.</param>
    /// <param name="dHidden">Receives the gradient of the hidden states.</param>
    /// <param name="dWeights">The gradient of the head's weights, added to.</param>
    internal LossSums Backward(
        float* hidden, ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels, LossRouting routing, float weight, float* dHidden, float* dWeights)
    {
        int width = _layout.Hidden, vocabulary = _layout.Vocabulary, targets = CollectPositions(labels, routing);
        var sums = default(LossSums);
        VectorOperations.Clear(dHidden, (long)tokens.Length * width);
        for (int first = 0; first < targets; first += _rowsAtOnce)
        {
            ReadOnlySpan<int> positions = _positions.AsSpan(first, Math.Min(_rowsAtOnce, targets - first));
            for (int row = 0; row < positions.Length; row++)
            {
                Copy(hidden + ((nint)positions[row] * width), _hidden.Data + ((nint)row * width), width);
            }

            Logits(_hidden.Data, positions.Length);
            for (int row = 0; row < positions.Length; row++)
            {
                int next = positions[row] + 1;
                sums.Add(Loss(Row(row), tokens[next], routing[labels[next]], weight, routing.UnlikelihoodFloor));
            }

            Panels packed = Panels.Pack(_hidden.Data, width, positions.Length, width, _packed.Data);
            MatrixProduct.MultiplyTransposed(_logits.Data, vocabulary, packed, dWeights, width, vocabulary, width, positions.Length, accumulate: true);
            MatrixProduct.Multiply(_logits.Data, vocabulary, _weights.Backward, _dHidden.Data, width, positions.Length, width, vocabulary);
            for (int row = 0; row < positions.Length; row++)
            {
                Copy(_dHidden.Data + ((nint)row * width), dHidden + ((nint)positions[row] * width), width);
            }
        }

        return sums;
    }

    public void Dispose()
    {
        _logits.Dispose();
        _hidden.Dispose();
        _dHidden.Dispose();
        _packed.Dispose();
    }

    private int CollectPositions(ReadOnlySpan<byte> labels, LossRouting routing)
    {
        int count = 0;
        for (int position = 0; position + 1 < labels.Length; position++)
        {
            if (routing[labels[position + 1]] != LossKind.None)
            {
                _positions[count++] = position;
            }
        }

        return count;
    }

    private LossSums Loss(float* logits, int target, LossKind kind, float weight, double floor)
    {
        int vocabulary = _layout.Description.VocabularySize;
        return kind == LossKind.CrossEntropy
            ? new LossSums(SelectiveLoss.CrossEntropy(logits, vocabulary, target, weight), 1, 0, 0)
            : new LossSums(0, 0, SelectiveLoss.Unlikelihood(logits, vocabulary, target, weight, floor), 1);
    }

    private void Logits(float* hidden, int rows) => MatrixProduct.Multiply(
        hidden, _layout.Hidden, _weights.Forward, _logits.Data, _layout.Vocabulary, rows, _layout.Vocabulary, _layout.Hidden);

    private float* Row(int row) => _logits.Data + ((nint)row * _layout.Vocabulary);

    private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
