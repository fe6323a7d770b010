using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// The head and the losses of SLUNG (arXiv 2505.03052), some rows at a time, so that not all logits are ever there; only rows whose target
/// bears a loss are computed. Since the loss is the last operation its gradient is found at once, without a graph, in the place of the logits.
/// Cross-entropy: dz = p - [j = y].
/// Unlikelihood, -log(1 - p) (Welleck et al., arXiv 1908.04319), with q the softmax over the other logits, l their log-sum-exp and
/// p = sigmoid(z_y - l): the loss is softplus(z_y - l), dz_y = p, dz_j = -p q_j. Finite for every probability.
/// </summary>
internal sealed class SelectiveLossHead(TrainableTensor matrix, int logitsAtOnce)
{
    private const int CrossEntropy = 0;
    private const int Unlikelihood = 1;

    private readonly int _rowsAtOnce = (int)Math.Max(1, logitsAtOnce / matrix.Value.shape[0]);

    /// <summary>The logits of hidden states, in single precision.</summary>
    internal Tensor Logits(Tensor hidden) => nn.functional.linear(hidden.to(matrix.Value.dtype), matrix.Value).to(ScalarType.Float32);

    /// <summary>log p of targets: [rows].</summary>
    /// <param name="hidden">[rows, hidden size].</param>
    /// <param name="targets">[rows].</param>
    internal Tensor LogProbabilities(Tensor hidden, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        long rows = targets.shape[0];
        for (long start = 0; start < rows; start += _rowsAtOnce)
        {
            using var part = NewDisposeScope();
            long count = Math.Min(_rowsAtOnce, rows - start);
            Tensor logits = Logits(hidden.narrow(0, start, count));
            Tensor target = logits.gather(1, targets.narrow(0, start, count).unsqueeze(1)).squeeze(1);
            parts.Add(target.sub(logits.logsumexp(1)).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Adds the losses of some rows and their gradients.</summary>
    /// <param name="hidden">The final hidden states of all rows: [all, hidden size].</param>
    /// <param name="hiddenGradients">Receives their gradients.</param>
    /// <param name="rows">Which rows: [n].</param>
    /// <param name="targets">Their targets: [n].</param>
    /// <param name="kind">Their loss.</param>
    /// <param name="weight">Weight of every target.</param>
    /// <param name="floor">The smallest 1 - p of the unlikelihood loss; 0 for none.</param>
    /// <param name="sums">Receives the losses, in double precision: of cross-entropy, of unlikelihood.</param>
    internal void Accumulate(Tensor hidden, Tensor hiddenGradients, Tensor rows, Tensor targets, LossKind kind, float weight, double floor, Tensor sums)
    {
        long all = rows.shape[0];
        for (long start = 0; start < all; start += _rowsAtOnce)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(_rowsAtOnce, all - start);
            Tensor some = rows.narrow(0, start, count), target = targets.narrow(0, start, count).unsqueeze(1);
            Tensor taken = hidden.index_select(0, some).to(matrix.Value.dtype);
            (Tensor loss, Tensor gradients) = kind == LossKind.CrossEntropy
                ? CrossEntropyOf(nn.functional.linear(taken, matrix.Value), target)
                : UnlikelihoodOf(Logits(taken), target, floor);
            sums.narrow(0, kind == LossKind.CrossEntropy ? CrossEntropy : Unlikelihood, 1).add_(loss.sum(ScalarType.Float64));
            Tensor rounded = gradients.to(matrix.Value.dtype);
            hiddenGradients.index_copy_(0, some, rounded.mm(matrix.Value).to(ScalarType.Float32).mul_(weight));
            if (matrix.Value.dtype == ScalarType.Float32)
            {
                matrix.Gradient.addmm_(rounded.t(), taken, 1, weight);
            }
            else
            {
                matrix.Gradient.add_(rounded.t().mm(taken), weight);
            }
        }
    }

    private static (Tensor Loss, Tensor Gradients) CrossEntropyOf(Tensor logits, Tensor target)
    {
        Tensor logarithms = logits.log_softmax(1, ScalarType.Float32);
        logits.Dispose();
        Tensor loss = logarithms.gather(1, target).neg();
        return (loss, logarithms.exp_().scatter_add_(1, target, full_like(loss, -1)));
    }

    private static (Tensor Loss, Tensor Gradients) UnlikelihoodOf(Tensor logits, Tensor target, double floor)
    {
        Tensor own = logits.gather(1, target);
        Tensor others = logits.scatter_(1, target, full_like(own, float.NegativeInfinity));
        Tensor logOthers = others.logsumexp(1, keepdim: true), odds = own.sub(logOthers);
        Tensor loss = odds.softplus(), probability = odds.sigmoid();
        if (floor > 0)
        {
            Tensor over = loss.gt(-Math.Log(floor));
            loss = loss.masked_fill(over, -Math.Log(floor));
            probability = probability.masked_fill(over, 0);
        }

        return (loss, others.sub_(logOthers).exp_().mul_(probability.neg()).scatter_(1, target, probability));
    }
}

/// <summary>Rows that bear one kind of loss, and their targets.</summary>
internal sealed class TargetRows
{
    internal List<long> Rows { get; } = [];

    internal List<long> Targets { get; } = [];

    internal int Count => Rows.Count;

    internal void Add(long row, int target)
    {
        Rows.Add(row);
        Targets.Add(target);
    }

    /// <summary>Adds them to what is sent to the device.</summary>
    internal TargetRange AddTo(IndexUpload indices) => new(indices.Add(Rows), indices.Add(Targets));
}

/// <summary>Where rows and their targets are on the device.</summary>
internal readonly record struct TargetRange(IndexRange Rows, IndexRange Targets)
{
    internal int Count => Rows.Count;
}
