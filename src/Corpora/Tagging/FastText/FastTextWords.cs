using System.Numerics;

namespace SlungOrleans.Corpora;

/// <summary>The words and labels of a fastText model, found by their bytes.</summary>
internal sealed class FastTextWords
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;
    private const int MostEntries = 1 << 28;
    private const int BytesOfShortestEntry = sizeof(byte) + sizeof(long) + sizeof(byte);

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly (uint Hash, int Id)[] _slots;

    private FastTextWords(byte[] bytes, int[] starts, int words, long[] labelCounts)
    {
        (_bytes, _starts, Words, LabelCounts) = (bytes, starts, words, labelCounts);
        _slots = new (uint, int)[BitOperations.RoundUpToPowerOf2(2 * (uint)(starts.Length - 1))];
        _slots.AsSpan().Fill((0, -1));
        for (var id = 0; id < starts.Length - 1; id++)
        {
            var hash = Hash(this[id]);
            _slots[Slot(this[id], hash)] = (hash, id);
        }
    }

    /// <summary>How many words there are: ids below it are words, those from it on labels.</summary>
    public int Words { get; }

    /// <summary>How often every label was seen in training.</summary>
    public long[] LabelCounts { get; }

    /// <summary>The bytes of a word or label.</summary>
    public ReadOnlySpan<byte> this[int id] => _bytes.AsSpan(_starts[id].._starts[id + 1]);

    public static FastTextWords Read(FastTextFile file)
    {
        var all = file.Int32("the number of dictionary entries");
        var words = file.Int32("the number of words", 0, MostEntries);
        var labels = file.Int32("the number of labels", 1, MostEntries);
        file.Check((long)words + labels == all, $"the dictionary has {all} entries; expected as many as words ({words}) and labels ({labels}).");
        file.Int64("the number of training tokens");
        var pruned = file.Int64("the number of pruned entries");
        file.Check(pruned == -1, $"the dictionary is pruned (to {pruned} runs); expected one that is not.");
        file.CheckRoom(all, BytesOfShortestEntry, "the dictionary");
        var bytes = new List<byte>();
        var starts = new int[all + 1];
        var counts = new long[labels];
        for (var id = 0; id < all; id++)
        {
            file.ReadWord(bytes, "the dictionary");
            starts[id + 1] = bytes.Count;
            var count = file.Int64("the dictionary");
            file.Check(count >= 0, $"dictionary entry {id} was seen {count} times; expected at least 0.");
            var kind = file.Byte("the dictionary");
            file.Check(kind == (id < words ? 0 : 1), $"dictionary entry {id} is of kind {kind}; expected {words} words (0), then {labels} labels (1).");
            if (id >= words)
            {
                counts[id - words] = count;
            }
        }

        return new FastTextWords([.. bytes], starts, words, counts);
    }

    /// <summary>FNV-1a, with bytes widened as signed ones: models are made with that slip of the first version.</summary>
    public static uint Hash(ReadOnlySpan<byte> word)
    {
        var hash = FnvOffset;
        foreach (var value in word)
        {
            hash = Hash(hash, value);
        }

        return hash;
    }

    /// <summary>The hash of no bytes.</summary>
    public static uint EmptyHash => FnvOffset;

    /// <summary>The hash with one more byte.</summary>
    public static uint Hash(uint hash, byte next) => (hash ^ (uint)(sbyte)next) * FnvPrime;

    /// <summary>The id of a word or label, -1 if it is not known.</summary>
    public int Find(ReadOnlySpan<byte> word, uint hash) => _slots[Slot(word, hash)].Id;

    private int Slot(ReadOnlySpan<byte> word, uint hash)
    {
        var mask = (uint)_slots.Length - 1;
        var slot = hash & mask;
        while (_slots[slot] is var (found, id) && id >= 0 && (found != hash || !word.SequenceEqual(this[id])))
        {
            slot = (slot + 1) & mask;
        }

        return (int)slot;
    }
}
