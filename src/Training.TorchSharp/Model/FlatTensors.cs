using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// Weights, gradients and moments of all parameters, each one tensor in single precision; and, for bfloat16, the matrices once more, rounded
/// anew whenever they have changed.
/// </summary>
internal sealed class FlatTensors : IDisposable
{
    /// <summary>Elements that are copied between device and memory at a time.</summary>
    private const int CopyLength = 64 * 1024 * 1024;

    private readonly Tensor?[] _tensors = new Tensor?[4];
    private readonly Tensor? _rounded;
    private readonly List<Tensor> _views = [];
    private bool _roundedIsStale = true;

    internal FlatTensors(FlatLayout layout, NumericPrecision precision, Device device)
    {
        Layout = layout;
        try
        {
            for (int kind = 0; kind < _tensors.Length; kind++)
            {
                _tensors[kind] = zeros(layout.Length, ScalarType.Float32, device).DetachFromDisposeScope();
            }

            if (precision == NumericPrecision.BFloat16)
            {
                _rounded = zeros(layout.MatricesLength, ScalarType.BFloat16, device).DetachFromDisposeScope();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal FlatLayout Layout { get; }

    internal Tensor this[TensorKind kind] => Enum.IsDefined(kind)
        ? _tensors[(int)kind]!
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such tensor.");

    /// <summary>A matrix to be multiplied by, with the gradient that belongs to it.</summary>
    internal TrainableTensor Matrix(FlatRegion region) => Trainable(region, _rounded ?? this[TensorKind.Weight], region.Rows, region.Columns);

    /// <summary>A norm's weights, with the gradient that belongs to them.</summary>
    internal TrainableTensor Vector(FlatRegion region) => Trainable(region, this[TensorKind.Weight], region.Columns);

    /// <summary>The embedding's gradients.</summary>
    internal Tensor EmbeddingGradients => Keep(View(this[TensorKind.Gradient], Layout.Embedding, Layout.Embedding.Rows, Layout.Embedding.Columns));

    /// <summary>The embedding, which is looked up in single precision whatever the products are computed in.</summary>
    internal Tensor EmbeddingWeights => Keep(View(this[TensorKind.Weight], Layout.Embedding, Layout.Embedding.Rows, Layout.Embedding.Columns));

    /// <summary>To be called when weights have been written.</summary>
    internal void NoteChange() => _roundedIsStale = true;

    /// <summary>To be called before weights are used.</summary>
    internal void Refresh()
    {
        if (_roundedIsStale && _rounded is not null)
        {
            using var scope = NewDisposeScope();
            _rounded.copy_(this[TensorKind.Weight].narrow(0, 0, Layout.MatricesLength));
        }

        _roundedIsStale = false;
    }

    internal void Read(FlatParameter parameter, TensorKind kind, Span<float> destination)
    {
        for (int start = 0; start < destination.Length; start += CopyLength)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(CopyLength, destination.Length - start);
            MemoryMarshal.Cast<byte, float>(this[kind].narrow(0, parameter.Offset + start, count).cpu().bytes).CopyTo(destination[start..]);
        }
    }

    internal void Write(FlatParameter parameter, TensorKind kind, ReadOnlySpan<float> source)
    {
        for (int start = 0; start < source.Length; start += CopyLength)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(CopyLength, source.Length - start);
            Tensor values = empty(count, ScalarType.Float32);
            source.Slice(start, count).CopyTo(MemoryMarshal.Cast<byte, float>(values.bytes));
            this[kind].narrow(0, parameter.Offset + start, count).copy_(values);
        }

        NoteChange();
    }

    public void Dispose()
    {
        foreach (Tensor view in _views)
        {
            view.Dispose();
        }

        foreach (Tensor? tensor in _tensors)
        {
            tensor?.Dispose();
        }

        _rounded?.Dispose();
    }

    private TrainableTensor Trainable(FlatRegion region, Tensor values, params long[] shape) =>
        new(Keep(View(values, region, shape)), Keep(View(this[TensorKind.Gradient], region, shape)));

    private static Tensor View(Tensor tensor, FlatRegion region, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return tensor.narrow(0, region.Offset, region.Length).view(shape).detach().MoveToOuterDisposeScope();
    }

    private Tensor Keep(Tensor view)
    {
        _views.Add(view.DetachFromDisposeScope());
        return view;
    }
}

/// <summary>A part of the flat weights that gradients are taken of, and the part of the flat gradients that they are added to.</summary>
internal readonly record struct TrainableTensor(Tensor Value, Tensor Gradient);
