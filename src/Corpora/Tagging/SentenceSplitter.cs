namespace SlungOrleans.Corpora;

/// <summary>
/// Finds the sentences of a text. One ends at the end of its line, or at full stops, question and exclamation marks with white space behind
/// them (none is needed after those of Chinese and Japanese); not after an initial or a title, and not before it has a letter or digit.
/// </summary>
internal static class SentenceSplitter
{
    /// <summary>The version of the rules; it grows when the same text comes to have other sentences.</summary>
    public const int Version = 1;

    private static readonly HashSet<string> Titles =
        new(StringComparer.OrdinalIgnoreCase) { "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e" };

    /// <summary>Start and end of every sentence, in order, without the white space around it.</summary>
    public static List<(int Start, int End)> Split(ReadOnlySpan<char> text)
    {
        var sentences = new List<(int, int)>();
        var (start, hasWord) = (-1, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsLineEnd(text[i]))
            {
                EndAt(i, text);
                continue;
            }

            if (start < 0 && !char.IsWhiteSpace(text[i]))
            {
                start = i;
            }

            hasWord |= char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]);
            if (start >= 0 && IsStop(text[i]))
            {
                var end = i + 1;
                while (end < text.Length && (IsStop(text[end]) || IsCloser(text[end])))
                {
                    end++;
                }

                var isEnd = end == text.Length || char.IsWhiteSpace(text[end]) || IsWideStop(text[i]);
                if (isEnd && hasWord && !(end == i + 1 && text[i] == '.' && EndsInAbbreviation(text[start..i])))
                {
                    EndAt(end, text);
                }

                i = end - 1;
            }
        }

        EndAt(text.Length, text);
        return sentences;

        void EndAt(int end, ReadOnlySpan<char> text)
        {
            if (start >= 0)
            {
                sentences.Add((start, start + text[start..end].TrimEnd().Length));
            }

            (start, hasWord) = (-1, false);
        }
    }

    private static bool EndsInAbbreviation(ReadOnlySpan<char> sentence)
    {
        var word = sentence[(sentence.LastIndexOfAny(' ', '\t', '(') + 1)..];
        var isInitial = word.Length == 1 && char.IsUpper(word[0]) && word[0] != 'I';
        return isInitial || Titles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }

    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static bool IsStop(char c) => c is '.' or '!' or '?' or '…' || IsWideStop(c);

    private static bool IsWideStop(char c) => c is '。' or '！' or '？';

    private static bool IsCloser(char c) => c is '"' or '\'' or ')' or ']' or '”' or '’' or '»' or '」' or '』' or '）';
}
