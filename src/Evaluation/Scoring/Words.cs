using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>Words of a text: runs of letters, digits and the marks on them, in lower case. An apostrophe or a hyphen ends a word.</summary>
internal static class Words
{
    public static List<string> Of(string text) => [.. Find(text).Select(word => text[word.Start..word.End].ToLowerInvariant())];

    /// <summary>Where the words stand, in order.</summary>
    public static List<(int Start, int End)> Find(string text)
    {
        var words = new List<(int Start, int End)>();
        int start = -1;
        for (int i = 0; i < text.Length;)
        {
            int length = char.IsSurrogatePair(text, i) ? 2 : 1;
            bool inside = IsPartOfWord(CharUnicodeInfo.GetUnicodeCategory(text, i));
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                words.Add((start, i));
                start = -1;
            }

            i += length;
        }

        if (start >= 0)
        {
            words.Add((start, text.Length));
        }

        return words;
    }

    private static bool IsPartOfWord(UnicodeCategory category) => category
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
