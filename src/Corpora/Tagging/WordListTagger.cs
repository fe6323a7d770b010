namespace SlungOrleans.Corpora;

/// <summary>
/// Scores sentences that hold a listed word 1 and all others 0. Words are whole words (runs of letters, digits and marks) whatever their
/// case; an entry of several words is found where they follow each other.
/// </summary>
public sealed class WordListTagger : ITagger
{
    private readonly HashSet<string> _entries = new(StringComparer.Ordinal);
    private readonly int _longest;

    /// <summary>Makes a tagger of a list.</summary>
    /// <param name="words">The words.</param>
    /// <exception cref="CorpusFormatException">There are none, or an entry has no letter or digit.</exception>
    public WordListTagger(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        foreach (var entry in words)
        {
            var folded = FoldedWords.Of(entry);
            if (folded.Count == 0)
            {
                throw new CorpusFormatException($"Word list: '{Excerpt.Of(entry)}' has no letter or digit; expected words.");
            }

            _entries.Add(folded.Text.ToString());
            _longest = Math.Max(_longest, folded.Count);
        }

        if (_entries.Count == 0)
        {
            throw new CorpusFormatException("Word list: no words; expected at least one.");
        }

        Fingerprint = TaggerFingerprint.Of("word-list", SentenceSplitter.Version, _entries.Order(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public string Name => "word-list";

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ScoredSpan> Tag(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var sentences = SentenceSplitter.Split(document.Text);
        var spans = new ScoredSpan[sentences.Count];
        for (var i = 0; i < spans.Length; i++)
        {
            var (start, end) = sentences[i];
            spans[i] = new ScoredSpan(start, end, HoldsEntry(FoldedWords.Of(document.Text.AsSpan(start, end - start))) ? 1 : 0);
        }

        return spans;
    }

    private bool HoldsEntry(FoldedWords words)
    {
        var entries = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var first = 0; first < words.Count; first++)
        {
            for (var last = first; last < Math.Min(words.Count, first + _longest); last++)
            {
                if (entries.Contains(words.Slice(first, last)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
