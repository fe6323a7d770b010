namespace SlungOrleans.Corpora;

/// <summary>A merge rule: two tokens that stand side by side become one.</summary>
internal readonly record struct Merge(int Left, int Right, int Result);

/// <summary>Applies merge rules to a pre-token: always the earliest rule, leftmost place first. Safe to use from several threads.</summary>
internal sealed class BytePairMerger
{
    private const int Gone = -1;

    /// <summary>Up to this many bytes, looking through all neighbours for the earliest rule is faster than a queue.</summary>
    private const int Short = 48;

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly int[] _idOfByte;
    private readonly Dictionary<long, (int Rank, int Result)> _rules;

    /// <param name="idOfByte">The id of each byte's token; 256 long.</param>
    /// <param name="merges">The rules, earliest first.</param>
    internal BytePairMerger(int[] idOfByte, IReadOnlyList<Merge> merges)
    {
        _idOfByte = idOfByte;
        _rules = new Dictionary<long, (int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            _rules.Add(Key(merges[rank].Left, merges[rank].Right), (rank, merges[rank].Result));
        }
    }

    internal static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    internal int[] Encode(ReadOnlySpan<byte> bytes) => bytes.Length <= Short ? EncodeShort(bytes) : EncodeLong(bytes);

    private int[] EncodeShort(ReadOnlySpan<byte> bytes)
    {
        Span<int> ids = stackalloc int[bytes.Length];
        Span<(int Rank, int Result)> rules = stackalloc (int, int)[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            ids[i] = _idOfByte[bytes[i]];
        }

        var count = bytes.Length;
        for (var i = 0; i + 1 < count; i++)
        {
            rules[i] = RuleOf(ids[i], ids[i + 1]);
        }

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
            {
                best = rules[i].Rank < rules[best].Rank ? i : best;
            }

            if (rules[best].Rank == int.MaxValue)
            {
                break;
            }

            ids[best] = rules[best].Result;
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            rules[(best + 1)..count].CopyTo(rules[best..]);
            count--;
            if (best + 1 < count)
            {
                rules[best] = RuleOf(ids[best], ids[best + 1]);
            }

            if (best > 0)
            {
                rules[best - 1] = RuleOf(ids[best - 1], ids[best]);
            }
        }

        return ids[..count].ToArray();
    }

    private (int Rank, int Result) RuleOf(int left, int right) =>
        _rules.TryGetValue(Key(left, right), out var rule) ? rule : (int.MaxValue, 0);

    private int[] EncodeLong(ReadOnlySpan<byte> bytes)
    {
        var scratch = _scratch ??= new Scratch();
        scratch.Resize(bytes.Length);
        var (ids, next, previous, queue) = (scratch.Ids, scratch.Next, scratch.Previous, scratch.Queue);
        for (var i = 0; i < bytes.Length; i++)
        {
            (ids[i], next[i], previous[i]) = (_idOfByte[bytes[i]], i + 1, i - 1);
        }

        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            Enqueue(i, i + 1);
        }

        var count = bytes.Length;
        while (queue.TryDequeue(out var left, out var priority))
        {
            var right = next[left];
            if (ids[left] == Gone || right == bytes.Length
                || !_rules.TryGetValue(Key(ids[left], ids[right]), out var rule) || rule.Rank != (int)(priority >> 32))
            {
                continue;
            }

            (ids[left], ids[right]) = (rule.Result, Gone);
            next[left] = next[right];
            count--;
            if (next[left] < bytes.Length)
            {
                previous[next[left]] = left;
                Enqueue(left, next[left]);
            }

            if (previous[left] >= 0)
            {
                Enqueue(previous[left], left);
            }
        }

        var tokens = new int[count];
        for (int at = 0, i = 0; at < count; at++, i = next[i])
        {
            tokens[at] = ids[i];
        }

        return tokens;

        void Enqueue(int left, int right)
        {
            if (_rules.TryGetValue(Key(ids[left], ids[right]), out var rule))
            {
                queue.Enqueue(left, ((long)rule.Rank << 32) | (uint)left);
            }
        }
    }

    private sealed class Scratch
    {
        internal int[] Ids { get; private set; } = [];

        internal int[] Next { get; private set; } = [];

        internal int[] Previous { get; private set; } = [];

        internal PriorityQueue<int, long> Queue { get; } = new();

        internal void Resize(int length)
        {
            if (Ids.Length < length)
            {
                var size = Math.Max(64, length);
                (Ids, Next, Previous) = (new int[size], new int[size], new int[size]);
            }
        }
    }
}
