using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>Keys and values of the tokens that were read, of every layer: [sequences, heads, columns, head size].</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    /// <param name="model">The model.</param>
    /// <param name="sequences">How many sequences.</param>
    /// <param name="columns">Most tokens of each.</param>
    /// <param name="type">What attention is computed in.</param>
    /// <param name="device">Where.</param>
    internal KeyValueCache(ModelDescription model, int sequences, int columns, ScalarType type, Device device)
    {
        _keys = new Tensor[model.Layers];
        _values = new Tensor[model.Layers];
        for (int layer = 0; layer < model.Layers; layer++)
        {
            _keys[layer] = New();
            _values[layer] = New();
        }

        Tensor New() => empty([sequences, model.Heads, columns, model.HeadSize], type, device).DetachFromDisposeScope();
    }

    /// <summary>Columns that are filled, in all layers.</summary>
    internal int Filled { get; private set; }

    /// <summary>Elements of a sequence's column, of all layers.</summary>
    internal static long ColumnLength(ModelDescription model) => 2L * model.Layers * model.HiddenSize;

    /// <summary>Adds a layer's keys and values after the columns that are filled; returns all of that layer.</summary>
    internal (Tensor Keys, Tensor Values) Extend(int layer, Tensor keys, Tensor values)
    {
        long count = keys.shape[2];
        _keys[layer].narrow(2, Filled, count).copy_(keys);
        _values[layer].narrow(2, Filled, count).copy_(values);
        return (_keys[layer].narrow(2, 0, Filled + count), _values[layer].narrow(2, 0, Filled + count));
    }

    /// <summary>To be called when all layers have been extended.</summary>
    internal void Advance(int columns) => Filled += columns;

    /// <summary>Keeps some sequences only.</summary>
    internal void Keep(Tensor sequences)
    {
        foreach (Tensor[] tensors in new[] { _keys, _values })
        {
            for (int layer = 0; layer < tensors.Length; layer++)
            {
                Tensor kept = tensors[layer].index_select(0, sequences).DetachFromDisposeScope();
                tensors[layer].Dispose();
                tensors[layer] = kept;
            }
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
    }
}
