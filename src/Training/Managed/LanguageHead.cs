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
/// Logits and the selective loss, in blocks of 256 tokens of the vocabulary that stay in the second-level cache, for some rows at a time
/// so that logits are never there for a whole long sequence. Positions whose target bears no loss are left out.
/// </summary>
internal sealed unsafe class LanguageHead
{
    /// <summary>Tokens of the vocabulary in a block.</summary>
    private const int BlockTokens = 256;

    /// <summary>Logits at a time: 32 MiB. Many rows make the weights' gradients, which are large, be gone through seldom.</summary>
    private const int LogitsAtOnce = 8 * 1024 * 1024;
    private const int FewestRows = 64;
    private const int MostRows = 512;

    private readonly ModelLayout _layout;
    private readonly float* _weights;
    private readonly PackedWeights _packed;
    private readonly int _mostRows;
    private readonly int _blocks;
    private readonly SelectiveLoss _loss;
    private readonly float* _logits;
    private readonly float* _hidden;
    private readonly float* _dHidden;
    private readonly float* _packing;
    private readonly int[] _positions;

    internal LanguageHead(ModelLayout layout, float* weights, PackedWeights packed, int length, NativeArena arena)
    {
        _layout = layout;
        _weights = weights;
        _packed = packed;
        _mostRows = Math.Min(length, Math.Clamp(LogitsAtOnce / layout.Vocabulary, FewestRows, MostRows));
        _blocks = (layout.Vocabulary + BlockTokens - 1) / BlockTokens;
        _loss = new SelectiveLoss(_mostRows, _blocks, arena);
        _logits = arena.Take((long)_mostRows * layout.Vocabulary);
        _hidden = arena.Take((long)_mostRows * layout.Hidden);
        _dHidden = arena.Take((long)_mostRows * layout.Hidden);
        _packing = arena.Take((long)_mostRows * layout.Hidden);
        _positions = new int[length];
    }

    /// <summary>Operations of <see cref="Backward"/> that add to gradients: one for each block.</summary>
    internal int Operations => _blocks;

    /// <summary>log p(token t + 1 | tokens to t) from the final hidden states.</summary>
    internal void Score(float* hidden, ReadOnlySpan<int> tokens, Span<float> logProbabilities)
    {
        for (int first = 0; first < logProbabilities.Length; first += _mostRows)
        {
            int rows = Math.Min(_mostRows, logProbabilities.Length - first);
            _loss.Begin();
            for (int row = 0; row < rows; row++)
            {
                _loss.Set(row, tokens[first + row + 1], LossKind.None);
            }

            for (int block = 0; block < _blocks; block++)
            {
                Logits(hidden + ((nint)first * _layout.Hidden), rows, block, _logits);
            }

            for (int row = 0; row < rows; row++)
            {
                logProbabilities[first + row] = (float)_loss.LogProbability(row);
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
    /// <param name="gradients">The gradients of all parameters, of which those of the head's weights are set or added to.</param>
    /// <param name="turn">When to.</param>
    internal LossSums Backward(
        float* hidden, ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels, LossRouting routing, float weight, float* dHidden, float* gradients, BackwardTurn turn)
    {
        int width = _layout.Hidden, targets = CollectPositions(labels, routing);
        VectorOperations.Clear(dHidden, (long)tokens.Length * width);
        if (targets == 0)
        {
            turn.Await(Operations - 1);
            if (turn.Replaces)
            {
                VectorOperations.Clear(gradients + _layout.LanguageHead.Offset, _layout.LanguageHead.Length);
            }

            turn.Complete(Operations - 1);
        }

        var sums = default(LossSums);
        int parts = (targets + _mostRows - 1) / _mostRows;
        for (int part = 0; part < parts; part++)
        {
            int first = (int)((long)targets * part / parts), rows = (int)((long)targets * (part + 1) / parts) - first;
            ReadOnlySpan<int> positions = _positions.AsSpan(first, rows);
            _loss.Begin();
            for (int row = 0; row < rows; row++)
            {
                int next = positions[row] + 1;
                Copy(hidden + ((nint)positions[row] * width), _hidden + ((nint)row * width), width);
                _loss.Set(row, tokens[next], routing[labels[next]]);
            }

            for (int block = 0; block < _blocks; block++)
            {
                Logits(_hidden, rows, block, BlockOf(block, rows));
            }

            for (int row = 0; row < rows; row++)
            {
                double loss = _loss.Loss(row, weight, routing.UnlikelihoodFloor);
                sums.Add(routing[labels[positions[row] + 1]] == LossKind.CrossEntropy ? new LossSums(loss, 1, 0, 0) : new LossSums(0, 0, loss, 1));
            }

            BackwardRows(rows, gradients, turn, part, parts);
            for (int row = 0; row < rows; row++)
            {
                Copy(_dHidden + ((nint)row * width), dHidden + ((nint)positions[row] * width), width);
            }
        }

        return sums;
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

    /// <summary>A block of logits, for the loss to take in.</summary>
    private void Logits(float* hidden, int rows, int block, float* logits)
    {
        int first = block * BlockTokens, columns = Columns(block), tokens = Math.Min(columns, _layout.Description.VocabularySize - first);
        Panels weights = _packed[_layout.LanguageHead].From(first);
        MatrixProduct.Multiply(hidden, _layout.Hidden, weights, logits, columns, rows, columns, _layout.Hidden);
        _loss.AddBlock(logits, columns, rows, block, first, tokens);
    }

    /// <summary>dX = dZ W and dW = dZᵀ X, block after block.</summary>
    private void BackwardRows(int rows, float* gradients, BackwardTurn turn, int part, int parts)
    {
        int width = _layout.Hidden;
        Panels hidden = Panels.Pack(_hidden, width, rows, width, _packing);
        Panels weights = _layout.LanguageHead.In(_weights), dWeights = _layout.LanguageHead.In(gradients);
        for (int block = 0; block < _blocks; block++)
        {
            int first = block * BlockTokens, columns = Columns(block), tokens = Math.Min(columns, _layout.Description.VocabularySize - first);
            float* logits = BlockOf(block, rows);
            _loss.Gradients(logits, columns, rows, block, first, tokens);
            MatrixProduct.MultiplyPart(logits, columns, weights, first, _dHidden, width, rows, width, columns, block > 0 ? _dHidden : null);
            turn.Await(block);
            MatrixProduct.MultiplyTransposed(
                logits, columns, hidden, new ProductTarget(dWeights, first), columns, width, rows, accumulate: part > 0 || !turn.Replaces);
            if (part == parts - 1)
            {
                turn.Complete(block);
            }
        }
    }

    private int Columns(int block) => Math.Min(BlockTokens, _layout.Vocabulary - (block * BlockTokens));

    private float* BlockOf(int block, int rows) => _logits + ((nint)block * BlockTokens * rows);

    private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
