namespace SlungOrleans.Training.Managed;

/// <summary>A weight matrix W in panels: Wᵀ for y = x Wᵀ, W for dx = dy W.</summary>
internal sealed unsafe class PackedMatrix(MatrixRegion region) : IDisposable
{
    private readonly NativeBuffer _forward = new(region.Length);
    private readonly NativeBuffer _backward = new(region.Length);

    internal Panels Forward => new(_forward.Data, region.Inputs, region.Outputs);

    internal Panels Backward => new(_backward.Data, region.Outputs, region.Inputs);

    internal void PackForward(float* weights) =>
        Panels.PackTransposed(weights + region.Offset, region.Inputs, region.Outputs, region.Inputs, _forward.Data);

    internal void PackBackward(float* weights) =>
        Panels.Pack(weights + region.Offset, region.Inputs, region.Outputs, region.Inputs, _backward.Data);

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }
}

/// <summary>All weight matrices in panels, packed again after the weights have changed.</summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    private readonly PackedMatrix[] _matrices;
    private readonly Action<int, int> _packForward;
    private readonly Action<int, int> _packBackward;
    private bool _forwardValid;
    private bool _backwardValid;

    internal PackedWeights(ModelLayout layout, float* weights)
    {
        PackedMatrix[] Pack(MatrixRegion[] regions) => [.. regions.Select(region => new PackedMatrix(region))];
        QueryKeyValue = Pack(layout.QueryKeyValue);
        Output = Pack(layout.Output);
        GateUp = Pack(layout.GateUp);
        Down = Pack(layout.Down);
        LanguageHead = new PackedMatrix(layout.LanguageHead);
        _matrices = [LanguageHead, .. QueryKeyValue, .. Output, .. GateUp, .. Down];
        _packForward = (_, matrix) => _matrices[matrix].PackForward(weights);
        _packBackward = (_, matrix) => _matrices[matrix].PackBackward(weights);
    }

    internal PackedMatrix[] QueryKeyValue { get; }

    internal PackedMatrix[] Output { get; }

    internal PackedMatrix[] GateUp { get; }

    internal PackedMatrix[] Down { get; }

    internal PackedMatrix LanguageHead { get; }

    /// <summary>The weights have changed.</summary>
    internal void Invalidate() => _forwardValid = _backwardValid = false;

    /// <summary>Packs what is out of date.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="backward">Whether the backward pass is needed too.</param>
    internal void Refresh(WorkerTeam team, bool backward)
    {
        if (!_forwardValid)
        {
            team.ForEach(_matrices.Length, _packForward);
            _forwardValid = true;
        }

        if (backward && !_backwardValid)
        {
            team.ForEach(_matrices.Length, _packBackward);
            _backwardValid = true;
        }
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in _matrices)
        {
            matrix.Dispose();
        }
    }
}
