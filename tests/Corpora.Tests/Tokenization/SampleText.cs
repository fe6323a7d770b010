namespace SlungOrleans.Corpora.Tests.Tokenization;

/// <summary>Text in an invented language, the same in every run.</summary>
internal static class SampleText
{
    private static readonly string[] Syllables = ["ka", "lo", "mi", "tse", "bru", "né", "жо", "ри", "語", "文", "n", "s"];

    internal static IReadOnlyList<string> Documents(int count)
    {
        var state = 1u;
        var documents = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var words = Enumerable.Range(0, 20 + (int)(Next() % 30)).Select(_ => Word());
            documents.Add($"{string.Join(' ', words)}. It's {i}!\n");
        }

        return documents;

        uint Next()
        {
            state = (state * 1664525) + 1013904223;
            return state >> 16;
        }

        string Word() => string.Concat(Enumerable.Range(0, 1 + (int)(Next() % 4)).Select(_ => Syllables[Next() % Syllables.Length]));
    }
}
