using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// The losses of SLUNG (arXiv 2505.03052) on the targets of some rows, over logits that come in blocks of the vocabulary: first maximum m and
/// sum s = Σ exp(z - m) are found block after block (online softmax: Milakov and Gimelshein, arXiv 1805.02867), then the gradients. All is in
/// log-sum-exp form, finite for every probability.
/// Cross-entropy: -log p = m + log s - z_y; dz = weight (p - [j = y]).
/// Unlikelihood, -log(1 - p) (Welleck et al., arXiv 1908.04319): with m and s over the other logits and u = z_y - (m + log s), p = sigmoid(u),
/// so that the loss is softplus(u), dz_y = weight p, and dz_j = -weight p exp(z_j - m) / s (which is -p_y p_j / (1 - p_y), without a
/// difference from 1).
/// </summary>
internal sealed unsafe class SelectiveLoss
{
    private readonly int _padded;
    private readonly float* _maxima;
    private readonly float* _sums;
    private readonly float* _targetLogits;
    private readonly float* _targetGradients;
    private readonly float* _coefficients;
    private readonly float* _blockMaxima;
    private readonly float* _blockValues;
    private readonly int[] _targets;
    private readonly LossKind[] _kinds;

    /// <param name="rows">Most rows.</param>
    /// <param name="blocks">Blocks of the vocabulary.</param>
    /// <param name="arena">Where its memory comes from.</param>
    internal SelectiveLoss(int rows, int blocks, NativeArena arena)
    {
        _padded = Lanes.Pad(rows);
        _maxima = arena.Take(_padded);
        _sums = arena.Take(_padded);
        _targetLogits = arena.Take(_padded);
        _targetGradients = arena.Take(_padded);
        _coefficients = arena.Take(_padded);
        _blockMaxima = arena.Take((long)_padded * blocks);
        _blockValues = arena.Take(_padded);
        _targets = new int[rows];
        _kinds = new LossKind[rows];
    }

    /// <summary>Begins with new rows, as many as are then set.</summary>
    internal void Begin()
    {
        new Span<float>(_maxima, _padded).Fill(float.MinValue);
        VectorOperations.Clear(_sums, _padded);
    }

    /// <summary>Sets a row's target and loss; with no loss its log-probability is asked for.</summary>
    internal void Set(int row, int target, LossKind kind)
    {
        _targets[row] = target;
        _kinds[row] = kind;
    }

    /// <summary>Takes a block of logits; exp(z - the block's maximum) takes their place, zeros that of the pads.</summary>
    /// <param name="logits">Rows of logits, padded to whole vectors.</param>
    /// <param name="stride">From a row to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="block">The block's number.</param>
    /// <param name="first">Its first token.</param>
    /// <param name="count">How many tokens.</param>
    internal void AddBlock(float* logits, nint stride, int rows, int block, int first, int count)
    {
        float* maxima = _blockMaxima + ((nint)block * _padded), sums = _blockValues;
        for (int row = 0; row < rows; row++)
        {
            int target = _targets[row] - first;
            if ((uint)target < (uint)count)
            {
                float* logit = logits + (row * stride) + target;
                _targetLogits[row] = *logit;
                *logit = _kinds[row] == LossKind.Unlikelihood ? float.MinValue : *logit;
            }
        }

        Exponentials(logits, stride, rows, count, maxima, sums);
        Merge(rows, maxima, sums, _maxima, _sums);
    }

    /// <summary>log p of a row's target, when all blocks are in.</summary>
    internal double LogProbability(int row) => _targetLogits[row] - LogSumExp(row);

    /// <summary>A row's loss, when all blocks are in; keeps what its gradient needs.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weight">Weight of its target.</param>
    /// <param name="floor">The smallest 1 - p of the unlikelihood loss, below which there is no gradient; 0 for none.</param>
    internal double Loss(int row, float weight, double floor)
    {
        float sum = _sums[row];
        if (_kinds[row] == LossKind.CrossEntropy)
        {
            SetGradient(row, weight / sum, -weight);
            return -LogProbability(row);
        }

        double u = LogProbability(row), loss = Softplus(u), largest = -Math.Log(floor);
        if (loss > largest)
        {
            SetGradient(row, 0, 0);
            return largest;
        }

        double p = 1 / (1 + Math.Exp(-u));
        SetGradient(row, (float)(-weight * p / sum), (float)(weight * p));
        return loss;
    }

    /// <summary>Puts the gradients of a block's logits in the place of its exponentials.</summary>
    internal void Gradients(float* exponentials, nint stride, int rows, int block, int first, int count)
    {
        float* factors = _blockValues;
        Factors(rows, _blockMaxima + ((nint)block * _padded), _maxima, _coefficients, factors);
        VectorOperations.ScaleRows(exponentials, stride, rows, Lanes.Pad(count), factors);
        for (int row = 0; row < rows; row++)
        {
            int target = _targets[row] - first;
            if ((uint)target < (uint)count)
            {
                float* gradient = exponentials + (row * stride) + target;
                *gradient = _targetGradients[row] + (_kinds[row] == LossKind.Unlikelihood ? 0 : *gradient);
            }
        }
    }

    private double LogSumExp(int row) => _maxima[row] + Math.Log(_sums[row]);

    private void SetGradient(int row, float coefficient, float target)
    {
        _coefficients[row] = coefficient;
        _targetGradients[row] = target;
    }

    /// <summary>log(1 + e^u), to full precision also where e^u is small (Kahan's log1p).</summary>
    private static double Softplus(double u)
    {
        double small = Math.Exp(-Math.Abs(u)), onePlus = 1 + small;
        double logarithm = onePlus == 1 ? small : Math.Log(onePlus) * small / (onePlus - 1);
        return Math.Max(u, 0) + logarithm;
    }

    /// <summary>All rows' maxima come before the first exponential, which would else wait for its own row's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials(float* logits, nint stride, int rows, int count, float* maxima, float* sums)
    {
        int last = (count - 1) & -Lanes.Width, even = last & -(2 * Lanes.Width);
        Vector512<float> inLast = Lanes.First(count - last), least = Vector512.Create(float.MinValue);
        float* rowLogits = logits;
        for (int row = 0; row < rows; row++, rowLogits += stride)
        {
            Vector512<float> largest = Vector512.ConditionalSelect(inLast, Vector512.Load(rowLogits + last), least), other = least;
            for (int i = 0; i < even; i += 2 * Lanes.Width)
            {
                largest = Vector512.MaxNative(largest, Vector512.Load(rowLogits + i));
                other = Vector512.MaxNative(other, Vector512.Load(rowLogits + i + Lanes.Width));
            }

            if (even < last)
            {
                other = Vector512.MaxNative(other, Vector512.Load(rowLogits + even));
            }

            maxima[row] = Lanes.Max(Vector512.MaxNative(largest, other));
        }

        for (int row = 0; row < rows; row++, logits += stride)
        {
            Vector512<float> subtract = Vector512.Create(maxima[row]);
            Vector512<float> sum = Lanes.Exp(Vector512.Load(logits + last) - subtract) & inLast, otherSum = Vector512<float>.Zero;
            Vector512.Store(sum, logits + last);
            for (int i = 0; i < even; i += 2 * Lanes.Width)
            {
                Vector512<float> one = Lanes.Exp(Vector512.Load(logits + i) - subtract), two = Lanes.Exp(Vector512.Load(logits + i + Lanes.Width) - subtract);
                sum += one;
                otherSum += two;
                Vector512.Store(one, logits + i);
                Vector512.Store(two, logits + i + Lanes.Width);
            }

            if (even < last)
            {
                Vector512<float> one = Lanes.Exp(Vector512.Load(logits + even) - subtract);
                otherSum += one;
                Vector512.Store(one, logits + even);
            }

            sums[row] = Lanes.Sum(sum + otherSum);
        }
    }

    /// <summary>Maxima and sums with those of one more block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge(int rows, float* blockMaxima, float* blockSums, float* maxima, float* sums)
    {
        for (int row = 0; row < rows; row += Lanes.Width)
        {
            Vector512<float> before = Vector512.Load(maxima + row), block = Vector512.Load(blockMaxima + row), maximum = Vector512.MaxNative(before, block);
            Vector512.Store(
                (Vector512.Load(sums + row) * Lanes.Exp(before - maximum)) + (Vector512.Load(blockSums + row) * Lanes.Exp(block - maximum)), sums + row);
            Vector512.Store(maximum, maxima + row);
        }
    }

    /// <summary>What a block's exponentials are multiplied by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Factors(int rows, float* blockMaxima, float* maxima, float* coefficients, float* factors)
    {
        for (int row = 0; row < rows; row += Lanes.Width)
        {
            Vector512<float> scale = Lanes.Exp(Vector512.Load(blockMaxima + row) - Vector512.Load(maxima + row));
            Vector512.Store(scale * Vector512.Load(coefficients + row), factors + row);
        }
    }
}
