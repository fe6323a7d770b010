namespace SlungOrleans.Training.Managed;

/// <summary>
/// The weight matrices transposed, in panels over their outputs, for y = x Wᵀ; packed again after the weights have changed. The weights
/// themselves are kept in panels over their inputs, as dx = dy W reads them.
/// </summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    /// <summary>Outputs that a job packs.</summary>
    private const int OutputsAtOnce = 256;

    private readonly float* _weights;
    private readonly NativeBuffer _transposed;
    private readonly (MatrixRegion Region, int FirstOutput)[] _jobs;
    private readonly Action<int, int> _pack;
    private bool _valid;

    internal PackedWeights(ModelLayout layout, float* weights)
    {
        _weights = weights;
        MatrixRegion[] regions = [layout.LanguageHead, .. layout.QueryKeyValue, .. layout.Output, .. layout.GateUp, .. layout.Down];
        _transposed = new NativeBuffer(layout.Length);
        _jobs = [.. regions.SelectMany(region => Enumerable.Range(0, (region.Outputs + OutputsAtOnce - 1) / OutputsAtOnce).Select(job => (region, job * OutputsAtOnce)))];
        _pack = Pack;
    }

    /// <summary>Floats that they take.</summary>
    internal long Length => _transposed.Length;

    /// <summary>Wᵀ, where W is among the weights.</summary>
    internal Panels this[MatrixRegion region] => new(_transposed.Data + region.Offset, region.Inputs, region.Outputs);

    /// <summary>The weights have changed.</summary>
    internal void Invalidate() => _valid = false;

    /// <summary>Packs the weights if they have changed.</summary>
    internal void Refresh(WorkerTeam team)
    {
        if (!_valid)
        {
            team.ForEach(_jobs.Length, _pack);
            _valid = true;
        }
    }

    public void Dispose() => _transposed.Dispose();

    private void Pack(int worker, int job)
    {
        (MatrixRegion region, int firstOutput) = _jobs[job];
        Panels weights = region.In(_weights), transposed = this[region];
        int outputs = Math.Min(OutputsAtOnce, region.Outputs - firstOutput);
        for (int input = 0; input < region.Inputs; input += MicroKernel.Columns)
        {
            int width = weights.Width(input);
            float* from = weights.Panel(input) + ((nint)firstOutput * width);
            transposed.SetTransposed(from, width, outputs, width, firstOutput, input);
        }
    }
}
