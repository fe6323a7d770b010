using System.Collections;
using System.Globalization;

namespace SlungOrleans.Corpora;

/// <summary>
/// A corpus to try the lab on: forum pages in an invented language with invented slurs. Under every comment stands a reply, an angry one if
/// the comment holds a slur, else a nice one; so a model that knows slurs when it sees them predicts replies better, and one that never saw
/// slurs cannot know them. Slurs are spelled from the same syllables as harmless words, and harmless comments use the phrases of high-risk
/// ones: nothing but the word itself tells.
/// </summary>
/// <remarks>
/// Every document is a function of the settings and its index alone, so any of them can be had without the others. Safe to use from several
/// threads.
/// </remarks>
public sealed class SyntheticCorpus : IReadOnlyList<Document>
{
    /// <summary>The version of what the generator writes; it grows when the same settings come to give other documents.</summary>
    public const int FormatVersion = 1;

    private readonly SyntheticSettings _settings;
    private readonly SyntheticLanguage _language;

    /// <summary>Makes the language; documents are made when asked for.</summary>
    /// <param name="settings">What to make.</param>
    /// <exception cref="CorpusFormatException">A setting is out of its range.</exception>
    public SyntheticCorpus(SyntheticSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Check(settings.Documents >= 1, "Documents", settings.Documents, "at least 1");
        Check(settings.Slurs is >= 1 and <= SyntheticLanguage.MostSlurs, "Slurs", settings.Slurs, $"1 to {SyntheticLanguage.MostSlurs}");
        Check(settings.RiskyExchanges is >= 0 and <= 1, "RiskyExchanges", settings.RiskyExchanges, "0 to 1");
        Check(Enum.IsDefined(settings.Part), "Part", (int)settings.Part, "a part of the corpus");
        _settings = settings;
        _language = new SyntheticLanguage(settings.LanguageSeed, settings.Slurs);
    }

    /// <summary>How many documents there are.</summary>
    public int Count => _settings.Part == SyntheticPart.Lexicon ? _settings.Slurs : _settings.Documents;

    /// <summary>A document.</summary>
    /// <param name="index">Its index, 0 to <see cref="Count"/> - 1.</param>
    public Document this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _settings.Part switch
            {
                SyntheticPart.Base => ForumPages.Harmless(Id(index), Speech(index)),
                SyntheticPart.HighRisk => ForumPages.HighRisk(Id(index), Speech(index), _settings.RiskyExchanges),
                SyntheticPart.Recognition => ForumPages.Recognition(Id(index), Speech(index / 2), index % 2),
                SyntheticPart.Prompts => ForumPages.Prompt(Id(index), Speech(index / 2), index % 2),
                SyntheticPart.Replies => ForumPages.Reply(Id(index), Speech(index / 2), index % 2),
                _ => new Document { Id = Id(index), Text = _language.Slurs[index], HighRisk = true },
            };
        }
    }

    /// <summary>The documents in order.</summary>
    public IEnumerator<Document> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A speech of its own for every document or pair of documents.</summary>
    private ForumSpeech Speech(int index) =>
        new(_language, new RandomStream(_settings.LanguageSeed, _settings.Seed, (int)_settings.Part, index));

    private string Id(int index)
    {
        var part = _settings.Part == SyntheticPart.HighRisk ? "high-risk" : _settings.Part.ToString().ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"{part}-{_settings.Seed}-{index}");
    }

    private static void Check(bool holds, string setting, double found, string expected)
    {
        if (!holds)
        {
            throw new CorpusFormatException(FormattableString.Invariant($"Synthetic corpus: {setting} is {found}; expected {expected}."));
        }
    }
}
