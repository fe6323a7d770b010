using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>Words of a text: runs of letters, digits and the marks on them, in lower case. An apostrophe or a hyphen ends a word.</summary>
internal static class Words
{
    public static List<string> Of(string text)
    {
        var words = new List<string>();
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
                words.Add(text[start..i].ToLowerInvariant());
                start = -1;
            }

            i += length;
        }

        if (start >= 0)
        {
            words.Add(text[start..].ToLowerInvariant());
        }

        return words;
    }

    private static bool IsPartOfWord(UnicodeCategory category) => category
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
