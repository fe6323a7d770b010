namespace SlungOrleans.Training.Managed;

internal sealed unsafe partial class ManagedModel
{
    /// <summary>
    /// The batch is cut into this many shards, whatever the number of threads: shard s has sequences s, s + 4, s + 8 … and a gradient buffer
    /// of its own, to which they add in this order, whichever thread does them; the buffers are added in order. So sums do not depend on the
    /// threads. More shards would cost memory and time for adding, fewer would leave threads idle.
    /// </summary>
    internal const int GradientShards = 4;

    /// <summary>Elements of the flat buffers per job.</summary>
    private const long SliceLength = 16 * 1024;

    private readonly double[] _sliceSquares;
    private readonly LossSums[] _shardSums = new LossSums[GradientShards];
    private readonly ShardQueue _queue = new(GradientShards);
    private readonly Action<int, int> _computeSequences;
    private readonly Action<int, int> _addShards;
    private readonly Action<int, int> _scaleSlice;
    private readonly Action<int, int> _updateSlice;
    private TokenBatch? _batch;
    private LossRouting _routing = LossRouting.CrossEntropyEverywhere;
    private float _targetWeight;
    private int _shards;

    /// <summary>What clipping has still to multiply the gradients by; the update does it on its way.</summary>
    private float _gradientScale = 1;
    private AdamW _adamW;

    public BatchLoss ComputeGradients(TokenBatch batch, LossRouting routing)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckBatch(batch);
        long denominator = 0;
        foreach (byte label in batch.Labels.Span)
        {
            denominator += routing[label] == LossKind.None ? 0 : 1;
        }

        denominator = Math.Max(1, denominator);
        _packed.Refresh(_team);
        ReservePasses(batch.Length, training: true);
        _batch = batch;
        _routing = routing;
        _targetWeight = (float)(1.0 / denominator);
        _shards = Math.Min(batch.Sequences, GradientShards);
        _queue.Begin(batch.Sequences, _shards);
        _team.ForEach(Math.Min(_team.Size, _shards), _computeSequences);
        _team.ForEach(_sliceSquares.Length, _addShards);
        _gradientScale = 1;
        _batch = null;

        var sums = default(LossSums);
        for (int shard = 0; shard < _shards; shard++)
        {
            sums.Add(_shardSums[shard]);
        }

        return new BatchLoss(sums.CrossEntropy, sums.CrossEntropyTokens, sums.Unlikelihood, sums.UnlikelihoodTokens, denominator);
    }

    /// <summary>As torch.nn.utils.clip_grad_norm_: the factor is maximum / (norm + 1e-6) where that is below 1.</summary>
    public double ClipGradients(double maximumNorm)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        double squares = 0;
        foreach (double slice in _sliceSquares)
        {
            squares += slice;
        }

        double norm = Math.Sqrt(squares) * _gradientScale, factor = maximumNorm / (norm + 1e-6);
        _gradientScale *= factor < 1 ? (float)factor : 1;
        return norm;
    }

    public void Update(AdamWSettings settings, double learningRate, long step)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        _adamW = new AdamW(settings, learningRate, step, _gradientScale);
        _team.ForEach(_sliceSquares.Length, _updateSlice);
        _packed.Invalidate();
    }

    private void CheckBatch(TokenBatch batch)
    {
        CheckLength(batch.Length, nameof(batch));
        long expected = (long)batch.Sequences * batch.Length;
        if (batch.Sequences < 1 || batch.Tokens.Length != expected || batch.Labels.Length != expected)
        {
            throw new ArgumentException(
                $"A batch of {batch.Sequences} sequences of {batch.Length} has {expected} tokens and labels, "
                + $"not {batch.Tokens.Length} and {batch.Labels.Length}.",
                nameof(batch));
        }

        CheckTokens(batch.Tokens.Span, nameof(batch));
    }

    private void ComputeSequences(int worker, int job)
    {
        TokenBatch batch = _batch!;
        SequencePass pass = _passes[worker]!;
        for (int shard = -1; _queue.TryTake(ref shard, out int sequence);)
        {
            ReadOnlySpan<int> tokens = batch.Tokens.Span.Slice(sequence * batch.Length, batch.Length);
            ReadOnlySpan<byte> labels = batch.Labels.Span.Slice(sequence * batch.Length, batch.Length);
            bool first = sequence < _shards;
            pass.Forward(tokens, batch.AttendAcrossDocuments ? default : labels);
            LossSums sums = pass.Backward(tokens, labels, _routing, _targetWeight, _gradients[shard].Data, accumulate: !first);
            sums.Add(first ? default : _shardSums[shard]);
            _shardSums[shard] = sums;
        }
    }

    private void AddShards(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        for (int shard = 1; shard < _shards; shard++)
        {
            VectorOperations.Add(_gradients[shard].Data + start, _gradients[0].Data + start, count);
        }

        _sliceSquares[slice] = VectorOperations.SumOfSquares(_gradients[0].Data + start, count);
    }

    private void ApplyGradientScale()
    {
        _team.ForEach(_sliceSquares.Length, _scaleSlice);
        _gradientScale = 1;
    }

    private void ScaleSlice(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        VectorOperations.Scale(_gradients[0].Data + start, count, _gradientScale);
        _sliceSquares[slice] *= (double)_gradientScale * _gradientScale;
    }

    /// <summary>Matrices, which come first, decay; norms' weights do not.</summary>
    private void UpdateSlice(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        long matrices = Math.Clamp(_layout.MatricesLength - start, 0, count);
        Update(start, matrices, decay: true);
        Update(start + matrices, count - matrices, decay: false);
    }

    private void Update(long start, long count, bool decay) => _adamW.Update(
        _weights.Data + start, _gradients[0].Data + start, _firstMoments.Data + start, _secondMoments.Data + start, count, decay);

    private (long Start, long Count) Slice(int slice)
    {
        long start = slice * SliceLength;
        return (start, Math.Min(SliceLength, _layout.Length - start));
    }
}
