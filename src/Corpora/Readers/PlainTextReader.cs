using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>Documents from plain text: whole paragraphs, joined until there are enough characters.</summary>
internal static class PlainTextReader
{
    // A file without blank lines would otherwise be one document.
    private const int LongestFactor = 10;

    public static IEnumerable<Document> Read(DocumentSource source)
    {
        using var reader = SourceFile.OpenText(source.Path);
        var text = new StringBuilder();
        var documents = 0;
        while (reader.ReadLine() is { } line)
        {
            var isBlank = string.IsNullOrWhiteSpace(line);
            if (text.Length == 0 && isBlank)
            {
                continue;
            }

            if (isBlank && text.Length >= source.CharactersPerDocument)
            {
                yield return TakeDocument();
                continue;
            }

            text.Append(isBlank ? "" : line).Append('\n');
            if (text.Length >= (long)LongestFactor * source.CharactersPerDocument)
            {
                yield return TakeDocument();
            }
        }

        if (text.Length > 0)
        {
            yield return TakeDocument();
        }

        Document TakeDocument()
        {
            var document = new Document { Id = $"{++documents}", Text = text.ToString().TrimEnd('\n') };
            text.Clear();
            return document;
        }
    }
}
