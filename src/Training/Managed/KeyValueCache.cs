namespace SlungOrleans.Training.Managed;

/// <summary>
/// Keys and values of sequences that are being continued, a slot each: for every layer and head the keys transposed and the values, in
/// panels as the micro-kernel reads them.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly ModelLayout _layout;
    private readonly NativeBuffer _data;

    /// <param name="layout">The model.</param>
    /// <param name="slots">How many sequences.</param>
    /// <param name="length">Most tokens of each.</param>
    internal KeyValueCache(ModelLayout layout, int slots, int length)
    {
        _layout = layout;
        Capacity = PadCapacity(length);
        _data = new NativeBuffer(slots * SlotLength(layout, length));
    }

    /// <summary>Tokens that a slot holds, whole panels.</summary>
    internal int Capacity { get; }

    /// <summary>Floats that a slot takes.</summary>
    internal static long SlotLength(ModelLayout layout, int length) =>
        2L * layout.Description.Layers * layout.Attention * PadCapacity(length);

    /// <summary>A head's keys: as deep as the head is wide, a column per token.</summary>
    internal Panels Keys(int slot, int layer, int head) => new(Head(slot, layer, head), _layout.Head, Capacity);

    /// <summary>A head's values: a row per token.</summary>
    internal Panels Values(int slot, int layer, int head) => new(Head(slot, layer, head) + ((nint)Capacity * _layout.Head), Capacity, _layout.Head);

    /// <summary>Keeps a head's key and value of a token.</summary>
    internal void Store(int slot, int layer, int head, int position, float* key, float* value)
    {
        Panels keys = Keys(slot, layer, head);
        int firstColumn = position & -MicroKernel.Columns;
        float* column = keys.Panel(firstColumn) + (position - firstColumn);
        for (int i = 0; i < _layout.Head; i++)
        {
            column[(nint)i * MicroKernel.Columns] = key[i];
        }

        Panels values = Values(slot, layer, head);
        for (int i = 0; i < _layout.Head; i += MicroKernel.Columns)
        {
            int width = values.Width(i);
            new ReadOnlySpan<float>(value + i, width).CopyTo(new Span<float>(values.Panel(i) + ((nint)position * width), width));
        }
    }

    public void Dispose() => _data.Dispose();

    private static int PadCapacity(int length) => (length + MicroKernel.Columns - 1) & -MicroKernel.Columns;

    private float* Head(int slot, int layer, int head)
    {
        long index = ((((long)slot * _layout.Description.Layers) + layer) * _layout.Description.Heads) + head;
        return _data.Data + (index * 2 * Capacity * _layout.Head);
    }
}
