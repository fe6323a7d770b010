using System.Runtime.CompilerServices;

namespace SlungOrleans.Corpora;

/// <summary>Numbers, as many as are added. A structure, so that adding costs no more than storing.</summary>
internal struct FastTextList()
{
    private int[] _items = new int[256];
    private int _count;

    public readonly ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    public void Clear() => _count = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int item)
    {
        var items = _items;
        if ((uint)_count < (uint)items.Length)
        {
            items[_count++] = item;
        }
        else
        {
            Grow(1);
            _items[_count++] = item;
        }
    }

    public void Add(ReadOnlySpan<int> items)
    {
        if (_items.Length - _count < items.Length)
        {
            Grow(items.Length);
        }

        items.CopyTo(_items.AsSpan(_count));
        _count += items.Length;
    }

    private void Grow(int more) => Array.Resize(ref _items, Math.Max(2 * _items.Length, checked(_count + more)));
}

/// <summary>What one prediction writes on; a thread's own.</summary>
internal sealed class FastTextScratch
{
    private byte[] _bytes = [];
    private float[] _hidden = [];
    private float[] _scores = [];
    private float[] _tree = [];

    /// <summary>The hashes of the text's words.</summary>
    public FastTextList WordHashes = new();

    /// <summary>The rows of the input matrix that the text is made of.</summary>
    public FastTextList Rows = new();

    public void Clear()
    {
        WordHashes.Clear();
        Rows.Clear();
    }

    public Span<byte> Bytes(int length) => Of(ref _bytes, length);

    public Span<float> Hidden(int length) => Of(ref _hidden, length);

    public Span<float> Scores(int length) => Of(ref _scores, length);

    public Span<float> Tree(int length) => Of(ref _tree, length);

    private static Span<T> Of<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2 * buffer.Length)];
        }

        return buffer.AsSpan(0, length);
    }
}
