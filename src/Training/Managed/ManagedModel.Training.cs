namespace SlungOrleans.Training.Managed;

internal sealed unsafe partial class ManagedModel
{
    /// <summary>Elements of the flat buffers per job.</summary>
    private const long SliceLength = 16 * 1024;

    private readonly double[] _sliceSquares;
    private readonly BackwardOrder _order = new();
    private readonly Action<int, int> _computeSequence;
    private readonly Action<int, int> _finishSlice;
    private readonly Action<int, int> _measureSlice;
    private readonly Action<int, int> _scaleSlice;
    private readonly Action<int, int> _updateSlice;
    private TokenBatch? _batch;
    private LossRouting _routing = LossRouting.CrossEntropyEverywhere;
    private LossSums[] _sequenceSums = [];
    private float _targetWeight;

    /// <summary>Whether they were changed by other means than a backward pass, which measures them on its way.</summary>
    private bool _gradientsWritten;

    /// <summary>What clipping has still to multiply the gradients by; the update does it on its way.</summary>
    private float _gradientScale = 1;
    private AdamW _adamW;
    private bool _embeddingDecays;

    public BatchLoss ComputeGradients(TokenBatch batch, LossRouting routing)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelInputs.CheckBatch(Description, batch);
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
        if (_sequenceSums.Length < batch.Sequences)
        {
            _sequenceSums = new LossSums[batch.Sequences];
        }

        _order.Begin(batch.Sequences);
        _team.ForEach(batch.Sequences, _computeSequence);
        _team.ForEach(_sliceSquares.Length, _finishSlice);
        _gradientScale = 1;
        _gradientsWritten = false;
        _batch = null;

        var sums = default(LossSums);
        foreach (LossSums sequence in _sequenceSums.AsSpan(0, batch.Sequences))
        {
            sums.Add(sequence);
        }

        return new BatchLoss(sums.CrossEntropy, sums.CrossEntropyTokens, sums.Unlikelihood, sums.UnlikelihoodTokens, denominator);
    }

    /// <summary>As torch.nn.utils.clip_grad_norm_: the factor is maximum / (norm + 1e-6) where that is below 1.</summary>
    public double ClipGradients(double maximumNorm)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_gradientsWritten)
        {
            _team.ForEach(_sliceSquares.Length, _measureSlice);
            _gradientsWritten = false;
        }

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
        _embeddingDecays = settings.DecayEmbeddings;
        _team.ForEach(_sliceSquares.Length, _updateSlice);
        _packed.Invalidate();
    }

    /// <summary>Jobs are handed out in order, so the sequences before this one are done or under way.</summary>
    private void ComputeSequence(int worker, int sequence)
    {
        TokenBatch batch = _batch!;
        SequencePass pass = _passes[worker]!;
        ReadOnlySpan<int> tokens = batch.Tokens.Span.Slice(sequence * batch.Length, batch.Length);
        ReadOnlySpan<byte> labels = batch.Labels.Span.Slice(sequence * batch.Length, batch.Length);
        try
        {
            pass.Forward(tokens, batch.AttendAcrossDocuments ? default : labels);
            _sequenceSums[sequence] = pass.Backward(tokens, labels, _routing, _targetWeight, Gradients, new BackwardTurn(_order, sequence));
        }
        catch
        {
            _order.Abandon();
            throw;
        }
    }

    private void FinishSlice(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        if (_tiedGradients is { } tied)
        {
            // A tied head's own gradients are there; those of the embedding are kept apart until now.
            long from = Math.Max(start, _layout.Embedding.Offset), to = Math.Min(start + count, _layout.Embedding.Offset + _layout.Embedding.Length);
            VectorOperations.Add(tied.Data + (from - _layout.Embedding.Offset), _gradients.Data + from, Math.Max(0, to - from));
        }

        MeasureSlice(worker, slice);
    }

    private void MeasureSlice(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        _sliceSquares[slice] = VectorOperations.SumOfSquares(_gradients.Data + start, count);
    }

    private GradientTensors Gradients => new(_gradients.Data, _tiedGradients is { } tied ? tied.Data : _gradients.Data + _layout.Embedding.Offset);

    private void ApplyGradientScale()
    {
        if (_gradientScale == 1)
        {
            return;
        }

        _team.ForEach(_sliceSquares.Length, _scaleSlice);
        _gradientScale = 1;
    }

    private void ScaleSlice(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        VectorOperations.Scale(_gradients.Data + start, count, _gradientScale);
        _sliceSquares[slice] *= (double)_gradientScale * _gradientScale;
    }

    /// <summary>Matrices, which come first, decay, the embedding, the first of them, where that is asked for; norms' weights do not.</summary>
    private void UpdateSlice(int worker, int slice)
    {
        (long start, long count) = Slice(slice);
        long embedding = Math.Clamp(_layout.Embedding.Length - start, 0, count), matrices = Math.Clamp(_layout.MatricesLength - start, 0, count);
        Update(start, embedding, _embeddingDecays);
        Update(start + embedding, matrices - embedding, decay: true);
        Update(start + matrices, count - matrices, decay: false);
    }

    private void Update(long start, long count, bool decay) => _adamW.Update(
        _weights.Data + start, _gradients.Data + start, _firstMoments.Data + start, _secondMoments.Data + start, count, decay);

    private (long Start, long Count) Slice(int slice)
    {
        long start = slice * SliceLength;
        return (start, Math.Min(SliceLength, _layout.Length - start));
    }
}
