using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// The rows of the input matrix that a text is made of: its words, their runs of characters, the runs of its words. As in fastText, words are
/// what stands between white space of ASCII, and one that says "end of line" comes last.
/// </summary>
internal sealed class FastTextFeatures
{
    private const ulong WordRunFactor = 116049371;
    private const int MostCachedRuns = 1 << 26;

    private readonly FastTextSettings _settings;
    private readonly FastTextWords _words;
    private readonly int _endOfLine;
    private readonly int[] _runs;
    private readonly int[] _runStarts;

    public FastTextFeatures(FastTextSettings settings, FastTextWords words)
    {
        (_settings, _words) = (settings, words);
        _endOfLine = words.Find(EndOfLine, FastTextWords.Hash(EndOfLine));
        (_runs, _runStarts) = CacheRuns();
    }

    private static ReadOnlySpan<byte> EndOfLine => "</s>"u8;

    /// <summary>What labels begin with in training texts: the program's default, since the file does not say.</summary>
    private static ReadOnlySpan<byte> LabelPrefix => "__label__"u8;

    /// <summary>Fills the scratch's rows, in fastText's order.</summary>
    public void Collect(ReadOnlySpan<char> text, FastTextScratch scratch)
    {
        scratch.Clear();
        var bytes = Encode(text, scratch);
        var isEnd = false;
        for (var i = 1; i < bytes.Length && !isEnd;)
        {
            if (IsSpace(bytes[i]))
            {
                i++;
                continue;
            }

            var start = i;
            var hash = FastTextWords.EmptyHash;
            do
            {
                hash = FastTextWords.Hash(hash, bytes[i++]);
            }
            while (!IsSpace(bytes[i]));
            isEnd = bytes[start..i].SequenceEqual(EndOfLine);
            if (!isEnd)
            {
                AddWord(bytes.Slice(start - 1, i - start + 2), hash, scratch);
                // Its overwritten end is not looked at again.
                i++;
            }
        }

        AddEndOfLine(scratch);
        AddWordRuns(scratch);
    }

    private static bool IsSpace(byte value) => value <= ' ' && ((1UL << value) & 0x1_0000_3E01) != 0;

    /// <summary>The text as UTF-8 with a space at each end.</summary>
    private static Span<byte> Encode(ReadOnlySpan<char> text, FastTextScratch scratch)
    {
        var bytes = scratch.Bytes(checked(Encoding.UTF8.GetMaxByteCount(text.Length) + 2));
        bytes[0] = (byte)' ';
        var length = Encoding.UTF8.GetBytes(text, bytes[1..]) + 1;
        bytes[length] = (byte)' ';
        return bytes[..(length + 1)];
    }

    /// <param name="framed">The word with the character before and behind it, which are overwritten.</param>
    /// <param name="hash">The word's hash.</param>
    /// <param name="scratch">Where to.</param>
    private void AddWord(Span<byte> framed, uint hash, FastTextScratch scratch)
    {
        var word = framed[1..^1];
        var id = _words.Find(word, hash);
        if (id >= _words.Words || (id < 0 && word.StartsWith(LabelPrefix)))
        {
            return;
        }

        scratch.WordHashes.Add((int)hash);
        if (id >= 0)
        {
            scratch.Rows.Add(id);
            if (id < _runStarts.Length - 1)
            {
                scratch.Rows.Add(_runs.AsSpan(_runStarts[id].._runStarts[id + 1]));
                return;
            }
        }

        if (_settings.LongestRun > 0)
        {
            (framed[0], framed[^1]) = ((byte)'<', (byte)'>');
            AddCharacterRuns(framed, ref scratch.Rows);
        }
    }

    private void AddEndOfLine(FastTextScratch scratch)
    {
        scratch.WordHashes.Add((int)FastTextWords.Hash(EndOfLine));
        if (_endOfLine >= 0 && _endOfLine < _words.Words)
        {
            scratch.Rows.Add(_endOfLine);
        }
    }

    private void AddCharacterRuns(ReadOnlySpan<byte> framed, ref FastTextList rows)
    {
        for (var start = 0; start < framed.Length; start++)
        {
            if (IsContinuation(framed[start]))
            {
                continue;
            }

            var hash = FastTextWords.EmptyHash;
            var i = start;
            for (var characters = 1; i < framed.Length && characters <= _settings.LongestRun; characters++)
            {
                do
                {
                    hash = FastTextWords.Hash(hash, framed[i++]);
                }
                while (i < framed.Length && IsContinuation(framed[i]));

                // The marks of a word's beginning and end are no runs on their own.
                if (characters >= _settings.ShortestRun && (characters > 1 || (start > 0 && i < framed.Length)))
                {
                    rows.Add(_words.Words + (int)(hash % (uint)_settings.Buckets));
                }
            }
        }
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    private void AddWordRuns(FastTextScratch scratch)
    {
        if (_settings.WordNgrams < 2)
        {
            return;
        }

        var hashes = scratch.WordHashes.Items;
        var buckets = (ulong)_settings.Buckets;
        for (var first = 0; first < hashes.Length; first++)
        {
            // Hashes are widened as signed numbers, as fastText's are.
            var hash = (ulong)hashes[first];
            var end = (int)Math.Min(hashes.Length, (long)first + _settings.WordNgrams);
            for (var i = first + 1; i < end; i++)
            {
                hash = unchecked((hash * WordRunFactor) + (ulong)hashes[i]);
                scratch.Rows.Add(_words.Words + (int)(hash % buckets));
            }
        }
    }

    /// <summary>The runs of characters of the words that are known, the frequent ones first and as many as memory is kept for.</summary>
    private (int[] Runs, int[] Starts) CacheRuns()
    {
        var runs = new FastTextList();
        var starts = new List<int> { 0 };
        for (var id = 0; id < _words.Words && runs.Items.Length < MostCachedRuns; id++)
        {
            if (_settings.LongestRun > 0 && id != _endOfLine)
            {
                AddCharacterRuns((byte[])[(byte)'<', .. _words[id], (byte)'>'], ref runs);
            }

            starts.Add(runs.Items.Length);
        }

        return (runs.Items.ToArray(), [.. starts]);
    }
}
