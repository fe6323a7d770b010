namespace SlungOrleans.Corpora;

/// <summary>
/// The words of an invented language: two or three syllables, each a consonant and a vowel. None ends in e, as most English words of that
/// form do.
/// </summary>
internal sealed class SyntheticLanguage
{
    public const int MostSlurs = 2000;

    private const string Consonants = "bdfgklmnrtvz";
    private const string Vowels = "aeiou";

    // Slurs come last, so that their number leaves the other words as they are.
    public SyntheticLanguage(int seed, int slurs)
    {
        var random = new RandomStream(seed);
        var taken = new HashSet<string>(ForumSpeech.FunctionWords, StringComparer.Ordinal);
        Things = Words(400, "");
        Verbs = Words(80, "");
        Adjectives = Words(100, "");
        Groups = Words(60, "");
        Names = [.. Words(20, "n").Select(name => char.ToUpperInvariant(name[0]) + name[1..])];
        Slurs = Words(slurs, "");

        string[] Words(int count, string ending)
        {
            var words = new string[count];
            for (var i = 0; i < count;)
            {
                var word = string.Concat(Enumerable.Range(0, 2 + random.Below(2)).Select(_ => Syllable(random))) + ending;
                if (!word.EndsWith('e') && !RealRudeWords.Contains(word) && taken.Add(word))
                {
                    words[i++] = word;
                }
            }

            return words;
        }
    }

    public IReadOnlyList<string> Things { get; }

    public IReadOnlyList<string> Verbs { get; }

    public IReadOnlyList<string> Adjectives { get; }

    public IReadOnlyList<string> Groups { get; }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<string> Slurs { get; }

    private static string Syllable(RandomStream random) =>
        $"{Consonants[random.Below(Consonants.Length)]}{Vowels[random.Below(Vowels.Length)]}";
}
