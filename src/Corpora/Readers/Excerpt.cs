namespace SlungOrleans.Corpora;

/// <summary>What was found, for an error message: short, on one line.</summary>
internal static class Excerpt
{
    private const int Longest = 40;

    public static string Of(string found)
    {
        var line = found.ReplaceLineEndings(" ");
        if (line.Length <= Longest)
        {
            return line;
        }

        var cut = char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest;
        return line[..cut] + "…";
    }
}
