namespace SlungOrleans.Corpora;

/// <summary>Reads streams of JSON lines.</summary>
internal static class JsonLines
{
    /// <summary>Parses every line of a stream; blank lines are passed over.</summary>
    /// <param name="stream">The stream; disposed at the end.</param>
    /// <param name="name">Its name, for error messages.</param>
    /// <param name="parse">Makes something of a line; its second argument says where the line is.</param>
    public static IEnumerable<T> Read<T>(Stream stream, string name, Func<string, string, T> parse)
    {
        using var reader = SourceFile.Decode(stream, name);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return parse(line, $"{name}, line {number}");
            }
        }
    }
}
