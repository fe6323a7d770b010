namespace SlungOrleans.Corpora.Tests.Tagging;

/// <summary>
/// Small models of invented words, made by fastText 0.9.2, with what <c>fasttext predict-prob MODEL texts.txt -1</c> prints for them.
/// </summary>
internal static class FastTextFixture
{
    /// <summary>softmax: pairs of words, runs of 3 to 6 characters; ova: triples, 1 to 4; hs: pairs, 2 to 5; words: words alone, two labels.</summary>
    public static readonly string[] Models = ["softmax", "ova", "hs", "words"];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Tagging", "FastText", "Fixtures");

    public static string[] Texts { get; } = ReadLines("texts.txt");

    public static string PathOf(string model) => Path.Combine(Folder, model + ".bin");

    public static string[] Printed(string model) => ReadLines(model + ".txt");

    // Other characters than line feeds end lines elsewhere, not in fastText.
    private static string[] ReadLines(string file) => File.ReadAllText(Path.Combine(Folder, file)).Split('\n')[..^1];
}
