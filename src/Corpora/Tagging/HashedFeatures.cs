using System.Buffers;

namespace SlungOrleans.Corpora;

/// <summary>
/// The features of a text, as buckets: its words and pairs of neighbouring words, and the runs of three to five characters of what stands
/// between white space. Case does not matter.
/// </summary>
internal static class HashedFeatures
{
    /// <summary>The version of the features; it grows when the same text comes to have other ones.</summary>
    public const int Version = 1;

    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;

    /// <summary>Receives features. Words and characters are kept apart, since a text has many more of the latter.</summary>
    internal interface ISink
    {
        void AddWords(uint bucket);

        void AddCharacters(uint bucket);
    }

    public static void Visit<TSink>(ReadOnlySpan<char> text, int bucketBits, ref TSink sink)
        where TSink : ISink, allows ref struct
    {
        var rented = ArrayPool<char>.Shared.Rent((2 * text.Length) + 2);
        var normalised = Normalise(text, rented);
        VisitWords(normalised, 64 - bucketBits, ref sink);
        VisitCharacters(normalised, 64 - bucketBits, ref sink);
        ArrayPool<char>.Shared.Return(rented);
    }

    /// <summary>Lower case, white space squeezed to single spaces, one at each end.</summary>
    private static ReadOnlySpan<char> Normalise(ReadOnlySpan<char> text, char[] buffer)
    {
        var lower = buffer.AsSpan(text.Length + 2, text.Length);
        text.ToLowerInvariant(lower);
        var length = 0;
        buffer[length++] = ' ';
        foreach (var c in lower)
        {
            if (!char.IsWhiteSpace(c))
            {
                buffer[length++] = c;
            }
            else if (buffer[length - 1] != ' ')
            {
                buffer[length++] = ' ';
            }
        }

        if (buffer[length - 1] != ' ')
        {
            buffer[length++] = ' ';
        }

        return buffer.AsSpan(0, length);
    }

    private static void VisitWords<TSink>(ReadOnlySpan<char> text, int shift, ref TSink sink)
        where TSink : ISink, allows ref struct
    {
        var previous = 0UL;
        for (var i = 0; i < text.Length;)
        {
            var hash = FnvOffset;
            var start = i;
            var isWord = char.IsLetterOrDigit(text[start]);
            // A word is a run of letters and digits; any other character is a word of its own.
            do
            {
                hash = (hash ^ text[i++]) * FnvPrime;
            }
            while (isWord && i < text.Length && char.IsLetterOrDigit(text[i]));
            if (text[start] == ' ')
            {
                continue;
            }

            sink.AddWords(Bucket(hash, shift));
            sink.AddWords(Bucket((previous * FnvPrime) + hash, shift));
            previous = hash;
        }
    }

    private static void VisitCharacters<TSink>(ReadOnlySpan<char> text, int shift, ref TSink sink)
        where TSink : ISink, allows ref struct
    {
        // A space may begin or end a run, which marks the beginning or end of a word, but does not stand inside.
        for (var start = 0; start + 2 < text.Length; start++)
        {
            if (text[start + 1] == ' ')
            {
                continue;
            }

            var hash = Next(Next(Next(FnvOffset + 1, text[start]), text[start + 1]), text[start + 2]);
            sink.AddCharacters(Bucket(hash, shift));
            if (text[start + 2] == ' ' || start + 3 >= text.Length)
            {
                continue;
            }

            hash = Next(hash, text[start + 3]);
            sink.AddCharacters(Bucket(hash, shift));
            if (text[start + 3] == ' ' || start + 4 >= text.Length)
            {
                continue;
            }

            sink.AddCharacters(Bucket(Next(hash, text[start + 4]), shift));
        }
    }

    private static ulong Next(ulong hash, char character) => (hash ^ character) * FnvPrime;

    /// <summary>The top bits of the hash times the golden ratio: those of FNV itself are hardly mixed for short input.</summary>
    private static uint Bucket(ulong hash, int shift)
    {
        hash = (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15;
        return (uint)((hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9 >> shift);
    }
}
