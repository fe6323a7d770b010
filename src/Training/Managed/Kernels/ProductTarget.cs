namespace SlungOrleans.Training.Managed;

/// <summary>Where a product goes: row after row, or into panels of 32 columns, as weights and their gradients are kept.</summary>
internal readonly unsafe struct ProductTarget
{
    private readonly float* _data;
    private readonly nint _stride;
    private readonly int _panelDepth;
    private readonly int _firstRow;

    /// <summary>Rows.</summary>
    internal ProductTarget(float* data, nint stride)
    {
        _data = data;
        _stride = stride;
    }

    /// <summary>Rows of a matrix in panels, from one on.</summary>
    internal ProductTarget(in Panels panels, int firstRow = 0)
    {
        _data = panels.Data;
        _panelDepth = panels.Depth;
        _firstRow = firstRow;
    }

    /// <summary>From a panel's columns to the next panel's.</summary>
    internal nint PanelStride => _stride != 0 ? MicroKernel.Columns : (nint)_panelDepth * MicroKernel.Columns;

    /// <summary>From a row to the next among columns of a panel of some width.</summary>
    internal nint RowStride(int width) => _stride != 0 ? _stride : width;

    /// <summary>The first row at a panel's first column.</summary>
    internal float* At(int column, int width) =>
        _stride != 0 ? _data + column : _data + ((nint)column * _panelDepth) + ((nint)_firstRow * width);
}
