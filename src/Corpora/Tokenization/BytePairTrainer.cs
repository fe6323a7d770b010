using System.Runtime.InteropServices;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// Learns merge rules: again and again, the most frequent pair of neighbours within pre-tokens becomes a token (Sennrich et al.,
/// arXiv 1508.07909). Of equally frequent pairs the one with the smaller ids is taken, as Hugging Face's trainer does. Counts are kept
/// up to date at the places that a merge touches, never taken anew.
/// </summary>
internal sealed class BytePairTrainer
{
    /// <summary>A pair seen once only would make a token of one place in the text. Hugging Face's byte-level trainer has the same bound.</summary>
    private const long LeastCount = 2;

    private readonly List<byte[]> _tokens;
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<Word> _words = [];
    private readonly Dictionary<long, Pair> _pairs = [];
    private readonly PriorityQueue<long, (long Count, long Pair)> _queue = new(MostFrequentFirst);
    private readonly HashSet<long> _grown = [];

    private BytePairTrainer(IEnumerable<byte[]> firstTokens)
    {
        _tokens = [.. firstTokens];
        for (var id = 0; id < _tokens.Count; id++)
        {
            _ids.TryAdd(ByteAlphabet.Write(_tokens[id]), id);
        }
    }

    private static Comparer<(long Count, long Pair)> MostFrequentFirst { get; } = Comparer<(long Count, long Pair)>.Create(
        (left, right) => left.Count != right.Count ? right.Count.CompareTo(left.Count) : left.Pair.CompareTo(right.Pair));

    /// <param name="texts">The texts to learn from.</param>
    /// <param name="firstTokens">Bytes of the tokens that there are already; every single byte is among them.</param>
    /// <param name="vocabularySize">When to stop.</param>
    /// <param name="cancellation">Cancels the training.</param>
    internal static (IReadOnlyList<byte[]> Tokens, IReadOnlyList<Merge> Merges) Train(
        IEnumerable<string> texts, IEnumerable<byte[]> firstTokens, int vocabularySize, CancellationToken cancellation)
    {
        var trainer = new BytePairTrainer(firstTokens);
        trainer.CountPairs(texts, cancellation);
        return (trainer._tokens, trainer.Merge(vocabularySize, cancellation));
    }

    private void CountPairs(IEnumerable<string> texts, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>();
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int start = 0, end; start < text.Length; start = end)
            {
                end = PreTokenizer.EndOf(text, start);
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, text.AsSpan(start, end - start), out _)++;
            }
        }

        var idOfByte = new int[256];
        for (var id = 0; id < _tokens.Count; id++)
        {
            if (_tokens[id].Length == 1)
            {
                idOfByte[_tokens[id][0]] = id;
            }
        }

        foreach (var (piece, count) in counts)
        {
            var symbols = Encoding.UTF8.GetBytes(piece).Select(value => idOfByte[value]).ToArray();
            _words.Add(new Word(symbols, count));
            for (var i = 0; i + 1 < symbols.Length; i++)
            {
                Change(symbols[i], symbols[i + 1], count, _words.Count - 1);
            }
        }
    }

    private List<Merge> Merge(int vocabularySize, CancellationToken cancellation)
    {
        var merges = new List<Merge>();
        EnqueueGrown();
        while (_tokens.Count < vocabularySize && _queue.TryDequeue(out var key, out var priority))
        {
            cancellation.ThrowIfCancellationRequested();
            var pair = _pairs[key];
            if (pair.Count != priority.Count)
            {
                // It has lost places since it was queued.
                Enqueue(key, pair.Count);
                continue;
            }

            var (left, right) = ((int)(key >> 32), (int)key);
            byte[] bytes = [.. _tokens[left], .. _tokens[right]];
            ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, ByteAlphabet.Write(bytes), out var known);
            if (!known)
            {
                // Two pairs can spell the same token (ab+c, a+bc): then there are two rules and one token.
                id = _tokens.Count;
                _tokens.Add(bytes);
            }

            merges.Add(new Merge(left, right, id));
            foreach (var word in pair.Words)
            {
                MergeIn(word, left, right, id);
            }

            pair.Words = [];
            EnqueueGrown();
        }

        return merges;
    }

    private void MergeIn(int wordIndex, int left, int right, int result)
    {
        var word = _words[wordIndex];
        var symbols = word.Symbols;
        var length = word.Length;
        var kept = 0;
        for (var i = 0; i < length; i++)
        {
            if (i + 1 < length && symbols[i] == left && symbols[i + 1] == right)
            {
                Change(left, right, -word.Count, wordIndex);
                if (kept > 0)
                {
                    Change(symbols[kept - 1], left, -word.Count, wordIndex);
                    Change(symbols[kept - 1], result, word.Count, wordIndex);
                }

                if (i + 2 < length)
                {
                    Change(right, symbols[i + 2], -word.Count, wordIndex);
                    Change(result, symbols[i + 2], word.Count, wordIndex);
                }

                symbols[kept++] = result;
                i++;
            }
            else
            {
                symbols[kept++] = symbols[i];
            }
        }

        word.Length = kept;
    }

    private void Change(int left, int right, long by, int word)
    {
        var key = BytePairMerger.Key(left, right);
        ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, key, out _);
        pair ??= new Pair();
        pair.Count += by;
        if (by > 0)
        {
            _grown.Add(key);
            if (pair.Words.Count == 0 || pair.Words[^1] != word)
            {
                pair.Words.Add(word);
            }
        }
    }

    private void EnqueueGrown()
    {
        foreach (var key in _grown)
        {
            Enqueue(key, _pairs[key].Count);
        }

        _grown.Clear();
    }

    private void Enqueue(long key, long count)
    {
        if (count >= LeastCount)
        {
            _queue.Enqueue(key, (count, key));
        }
    }

    private sealed class Word(int[] symbols, long count)
    {
        internal int[] Symbols { get; } = symbols;

        internal int Length { get; set; } = symbols.Length;

        internal long Count { get; } = count;
    }

    private sealed class Pair
    {
        internal long Count { get; set; }

        internal List<int> Words { get; set; } = [];
    }
}
