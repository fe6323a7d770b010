namespace SlungOrleans.Training.Managed;

/// <summary>A decoder on the managed CPU engine: tensors and what they share; training and inference are in the files beside.</summary>
internal sealed unsafe partial class ManagedModel : ITrainableModel
{
    private readonly ModelLayout _layout;
    private readonly WorkerTeam _team;
    private readonly Rotary _rotary;
    private readonly PackedWeights _packed;
    private readonly NativeBuffer _weights;
    private readonly NativeBuffer _firstMoments;
    private readonly NativeBuffer _secondMoments;
    private readonly NativeBuffer _gradients;
    private readonly NativeBuffer? _tiedGradients;
    private readonly SequencePass?[] _passes;
    private bool _passesTrain;
    private bool _disposed;

    internal ManagedModel(ModelDescription description, int threads)
    {
        Description = description;
        _layout = new ModelLayout(description);
        Parameters = [.. _layout.Parameters.Select(placement => placement.Description)];
        _weights = new NativeBuffer(_layout.Length);
        _firstMoments = new NativeBuffer(_layout.Length);
        _secondMoments = new NativeBuffer(_layout.Length);
        _gradients = new NativeBuffer(_layout.Length);
        _tiedGradients = description.TiedEmbeddings ? new NativeBuffer(_layout.Embedding.Length) : null;
        _rotary = new Rotary(description, _layout.Head);
        _packed = new PackedWeights(_layout, _weights.Data);
        _passes = new SequencePass?[threads];
        _sliceSquares = new double[(_layout.Length + SliceLength - 1) / SliceLength];
        _computeSequence = ComputeSequence;
        _finishSlice = FinishSlice;
        _measureSlice = MeasureSlice;
        _scaleSlice = ScaleSlice;
        _updateSlice = UpdateSlice;
        _team = new WorkerTeam(threads);
    }

    public ModelDescription Description { get; }

    public IReadOnlyList<ParameterDescription> Parameters { get; }

    public void Initialise(ulong seed)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (ParameterPlacement placement in _layout.Parameters)
        {
            var initial = new InitialValues(placement.Description, Description.Layers, seed);
            float[] values = new float[placement.Columns];
            for (int row = 0; row < placement.Rows; row++)
            {
                initial.Take(values);
                placement.WriteRow(_weights.Data, row, values);
            }
        }

        _packed.Invalidate();
        _gradients.Clear();
        _gradientsWritten = true;
        _gradientScale = 1;
        _firstMoments.Clear();
        _secondMoments.Clear();
    }

    public void Read(string name, TensorKind kind, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ParameterPlacement placement = Placement(name, destination.Length, nameof(destination));
        if (kind == TensorKind.Gradient)
        {
            ApplyGradientScale();
        }

        placement.Read(Tensor(kind), destination);
    }

    public void Write(string name, TensorKind kind, ReadOnlySpan<float> source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ParameterPlacement placement = Placement(name, source.Length, nameof(source));
        if (kind == TensorKind.Gradient)
        {
            ApplyGradientScale();
            _gradientsWritten = true;
        }

        placement.Write(Tensor(kind), source);
        _packed.Invalidate();
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _team.Dispose();
        foreach (SequencePass? pass in _passes)
        {
            pass?.Dispose();
        }

        _packed.Dispose();
        _rotary.Dispose();
        _weights.Dispose();
        _firstMoments.Dispose();
        _secondMoments.Dispose();
        _gradients.Dispose();
        _tiedGradients?.Dispose();
    }

    private float* Tensor(TensorKind kind) => kind switch
    {
        TensorKind.Weight => _weights.Data,
        TensorKind.Gradient => _gradients.Data,
        TensorKind.FirstMoment => _firstMoments.Data,
        TensorKind.SecondMoment => _secondMoments.Data,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such tensor."),
    };

    private ParameterPlacement Placement(string name, int length, string argument)
    {
        ParameterPlacement placement = _layout[name];
        return placement.Description.Length == length
            ? placement
            : throw new ArgumentException($"'{name}' has {placement.Description.Length} elements, not {length}.", argument);
    }

    /// <summary>Reserves what training on sequences of a length takes. Returns all that is reserved, in bytes.</summary>
    internal long ReserveForTraining(int length)
    {
        ReservePasses(length, training: true);
        NativeBuffer[] buffers = [_weights, _firstMoments, _secondMoments, _gradients];
        return sizeof(float) * (buffers.Sum(buffer => buffer.Length) + (_tiedGradients?.Length ?? 0) + _packed.Length + _rotary.Length + _passes.Sum(pass => pass!.Taken));
    }

    /// <summary>Gives every thread of the team a pass for sequences of a length.</summary>
    private void ReservePasses(int length, bool training)
    {
        if (_passes[0] is { } pass && pass.Longest >= length && (_passesTrain || !training))
        {
            return;
        }

        _passesTrain |= training;
        for (int worker = 0; worker < _passes.Length; worker++)
        {
            _passes[worker]?.Dispose();
            _passes[worker] = new SequencePass(_layout, _weights.Data, _packed, _rotary, length, _passesTrain);
        }
    }
}
