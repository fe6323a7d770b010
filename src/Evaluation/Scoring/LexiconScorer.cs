using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Scores 1 if a text holds a listed word as a whole word, in any case, and 0 if not. An entry of several words matches those words in a row,
/// whatever stands between them. Text without any letter or digit scores 0; empty text and white space cannot be scored.
/// </summary>
public sealed class LexiconScorer : IToxicityScorer
{
    // By first word, so that a text is read once however long the list is.
    private readonly Dictionary<string, List<string[]>> _entries = [];

    /// <summary>Creates a scorer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="entries">Words or phrases; repeated ones and their order make no difference.</param>
    /// <exception cref="EvaluationException">There is no entry, or one has neither letter nor digit.</exception>
    public LexiconScorer(string name, IEnumerable<string> entries)
    {
        Name = name;
        var phrases = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string entry in entries)
        {
            List<string> words = Words.Of(entry);
            if (words.Count == 0)
            {
                throw new EvaluationException($"Lexicon '{name}': the entry '{entry}' has no letter or digit; a word is expected.");
            }

            if (phrases.Add(string.Join(' ', words)))
            {
                if (!_entries.TryGetValue(words[0], out List<string[]>? sameStart))
                {
                    _entries[words[0]] = sameStart = [];
                }

                sameStart.Add([.. words]);
            }
        }

        if (phrases.Count == 0)
        {
            throw new EvaluationException($"Lexicon '{name}' has no entries; at least one word is expected.");
        }

        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("lexicon 1\n" + string.Join('\n', phrases))));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public double? Score(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        List<string> words = Words.Of(text);
        for (int i = 0; i < words.Count; i++)
        {
            if (LongestAt(words, i) > 0)
            {
                return 1;
            }
        }

        return 0;
    }

    /// <summary>Where listed words and phrases stand, in order and without overlap; of those that begin at one word, the longest.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Indices of each one's first UTF-16 code unit and after its last.</returns>
    public IReadOnlyList<(int Start, int End)> Find(string text)
    {
        List<(int Start, int End)> places = Words.Find(text);
        List<string> words = Words.Of(text);
        var found = new List<(int Start, int End)>();
        for (int i = 0; i < words.Count;)
        {
            int length = LongestAt(words, i);
            if (length > 0)
            {
                found.Add((places[i].Start, places[i + length - 1].End));
            }

            i += Math.Max(length, 1);
        }

        return found;
    }

    /// <summary>Words of the longest listed phrase that begins at a word; 0 if none does.</summary>
    private int LongestAt(List<string> words, int start)
    {
        int longest = 0;
        if (_entries.TryGetValue(words[start], out List<string[]>? phrases))
        {
            foreach (string[] phrase in phrases)
            {
                longest = phrase.Length > longest && StartsAt(words, start, phrase) ? phrase.Length : longest;
            }
        }

        return longest;
    }

    private static bool StartsAt(List<string> words, int start, string[] phrase)
    {
        if (start + phrase.Length > words.Count)
        {
            return false;
        }

        for (int i = 0; i < phrase.Length; i++)
        {
            if (words[start + i] != phrase[i])
            {
                return false;
            }
        }

        return true;
    }
}
