using System.Globalization;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>The words of a text, folded so that case does not matter, and joined by single spaces.</summary>
internal sealed class FoldedWords
{
    private readonly string _joined;
    private readonly List<(int Start, int End)> _words;

    private FoldedWords(string joined, List<(int Start, int End)> words) => (_joined, _words) = (joined, words);

    public int Count => _words.Count;

    public ReadOnlySpan<char> Text => _joined;

    public static FoldedWords Of(ReadOnlySpan<char> text)
    {
        // Upper case first, since several small letters can share a capital one (σ and ς, s and ſ).
        var folded = text.ToString().ToUpperInvariant().ToLowerInvariant();
        var joined = new StringBuilder(folded.Length);
        var words = new List<(int, int)>();
        for (var i = 0; i < folded.Length;)
        {
            var start = i;
            while (i < folded.Length && IsWordPart(folded, i, out var length))
            {
                i += length;
            }

            if (i == start)
            {
                i++;
                continue;
            }

            joined.Append(joined.Length > 0 ? " " : "");
            words.Add((joined.Length, joined.Length + i - start));
            joined.Append(folded, start, i - start);
        }

        return new FoldedWords(joined.ToString(), words);
    }

    /// <summary>The words from one to another, joined.</summary>
    public ReadOnlySpan<char> Slice(int first, int last) => _joined.AsSpan(_words[first].Start, _words[last].End - _words[first].Start);

    private static bool IsWordPart(string text, int index, out int length)
    {
        length = char.IsSurrogatePair(text, index) ? 2 : 1;
        return CharUnicodeInfo.GetUnicodeCategory(text, index) is
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
    }
}
