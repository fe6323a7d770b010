using System.Globalization;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// Cuts text where GPT-2's pattern does:
/// <c>'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// Written out because .NET's <c>\p{L}</c> looks at UTF-16 code units, so that letters beyond U+FFFF would be cut as symbols.
/// </summary>
internal static class PreTokenizer
{
    private enum Kind : byte
    {
        Symbol,
        Letter,
        Number,
        WhiteSpace,
    }

    private static readonly Kind[] AsciiKinds = [.. Enumerable.Range(0, 128).Select(value => KindOf(new Rune(value)))];

    /// <summary>The index after the pre-token that begins at <paramref name="start"/>, which is below the text's length.</summary>
    internal static int EndOf(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..]) is > 0 and var length)
        {
            return start + 1 + length;
        }

        var kind = KindAt(text, start, out var width);
        var end = start + width;
        if (text[start] == ' ' && end < text.Length && KindAt(text, end, out width) is not Kind.WhiteSpace and var following)
        {
            kind = following;
            end += width;
        }

        while (end < text.Length && KindAt(text, end, out width) == kind)
        {
            end += width;
        }

        // The last of several white spaces is left to what follows: \s+(?!\S).
        return kind == Kind.WhiteSpace && end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        return text[0] is 's' or 'd' or 'm' or 't'
            ? 1
            : text.StartsWith("ll", StringComparison.Ordinal) || text.StartsWith("ve", StringComparison.Ordinal)
                || text.StartsWith("re", StringComparison.Ordinal) ? 2 : 0;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int index, out int width)
    {
        var first = text[index];
        if (first < 128)
        {
            width = 1;
            return AsciiKinds[first];
        }

        // An unpaired surrogate reads as U+FFFD, which it also becomes in UTF-8.
        Rune.DecodeFromUtf16(text[index..], out var rune, out width);
        return KindOf(rune);
    }

    private static Kind KindOf(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            return Kind.WhiteSpace;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Symbol,
        };
    }
}
