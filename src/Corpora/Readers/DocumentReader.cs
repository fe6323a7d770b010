namespace SlungOrleans.Corpora;

/// <summary>Reads documents from files.</summary>
public static class DocumentReader
{
    /// <summary>
    /// Reads a file's documents, in the file's order and one at a time, so that files may be larger than memory. Ids are the file's own
    /// (JSONL), or the number of the record, counted from 1 and followed by the field's name where one record makes several documents.
    /// Records whose text is empty or white space are left out.
    /// </summary>
    /// <param name="source">The file, and how it is read.</param>
    /// <param name="counts">Counts what is read, as it is read.</param>
    /// <exception cref="CorpusFormatException">
    /// The file cannot be read, is not what <paramref name="source"/> says, or holds no documents. Thrown at once for the source itself and
    /// while enumerating for the file's content.
    /// </exception>
    public static IEnumerable<Document> Read(DocumentSource source, ReadCounts? counts = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var format = source.Format == DocumentFormat.Auto ? FormatOf(source.Path) : source.Format;
        Validate(source, format);
        SourceFile.OpenText(source.Path).Dispose();
        return Read(source, format, counts ?? new ReadCounts());
    }

    private static IEnumerable<Document> Read(DocumentSource source, DocumentFormat format, ReadCounts counts)
    {
        var records = format switch
        {
            DocumentFormat.JsonLines => JsonLinesReader.Read(source),
            DocumentFormat.Csv => DelimitedReader.Read(source, ','),
            DocumentFormat.Tsv => DelimitedReader.Read(source, '\t'),
            DocumentFormat.PlainText => PlainTextReader.Read(source),
            DocumentFormat.ToxicSpans => ToxicSpansReader.Read(source),
            _ => throw new ArgumentOutOfRangeException(nameof(source), format, "There is no such format."),
        };
        var (read, skipped) = (0, 0);
        foreach (var record in records)
        {
            var document = Clean(record, source);
            if (string.IsNullOrWhiteSpace(document.Text))
            {
                skipped++;
                counts.Skipped++;
                continue;
            }

            read++;
            counts.Documents++;
            counts.HighRisk += document.HighRisk == true ? 1 : 0;
            counts.Benign += document.HighRisk == false ? 1 : 0;
            yield return document;
        }

        if (read == 0)
        {
            throw new CorpusFormatException(
                $"{source.Path} holds no documents{(skipped > 0 ? $": the texts of all {skipped} records are empty" : "")}.");
        }
    }

    private static Document Clean(Document document, DocumentSource source)
    {
        if (source.Cleaning == TextCleaning.None)
        {
            return document;
        }

        return document.Spans.Count == 0
            ? document with { Text = TweetCleaner.Clean(document.Text) }
            : throw new CorpusFormatException(
                $"{source.Path}: document '{document.Id}' has spans, whose offsets cleaning would move; expected no cleaning.");
    }

    private static void Validate(DocumentSource source, DocumentFormat format)
    {
        if (source.CharactersPerDocument < 1)
        {
            throw new CorpusFormatException($"{source.Path}: {source.CharactersPerDocument} characters per document; expected at least 1.");
        }

        if (source.Fields.Count > 0 && format is DocumentFormat.PlainText or DocumentFormat.ToxicSpans)
        {
            throw new CorpusFormatException($"{source.Path}: labelled text fields are given; expected none for {format}.");
        }

        if (source.Fields.Count > 0 && source.LabelField is not null)
        {
            throw new CorpusFormatException(
                $"{source.Path}: both labelled text fields and the label field '{source.LabelField}' are given; expected one of the two.");
        }

        if (source.Fields.Select(f => f.Field).Distinct().Count() < source.Fields.Count)
        {
            throw new CorpusFormatException($"{source.Path}: a labelled text field is given twice; expected each once.");
        }

        if (source.LabelField is not null && format is DocumentFormat.PlainText or DocumentFormat.ToxicSpans)
        {
            throw new CorpusFormatException($"{source.Path}: the label field '{source.LabelField}' is given; expected none for {format}.");
        }
    }

    private static DocumentFormat FormatOf(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        return (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name)) switch
        {
            ("tsd_train" or "tsd_trial" or "tsd_test", ".csv") => DocumentFormat.ToxicSpans,
            (_, ".jsonl" or ".ndjson") => DocumentFormat.JsonLines,
            (_, ".csv") => DocumentFormat.Csv,
            (_, ".tsv") => DocumentFormat.Tsv,
            (_, ".txt" or ".text") => DocumentFormat.PlainText,
            _ => throw new CorpusFormatException(
                $"The name of {path} does not tell its format; expected .jsonl, .ndjson, .csv, .tsv, .txt or .text (each also with .gz), "
                + "or that the format is given."),
        };
    }
}
