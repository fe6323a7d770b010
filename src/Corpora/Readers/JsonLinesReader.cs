namespace SlungOrleans.Corpora;

/// <summary>Documents from JSON lines.</summary>
internal static class JsonLinesReader
{
    public static IEnumerable<Document> Read(DocumentSource source)
    {
        using var reader = SourceFile.OpenText(source.Path);
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        bool? allHaveIds = null;
        var (record, line) = (0, 0L);
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            record++;
            var place = $"{source.Path}, line {line}";
            using var json = JsonFields.Parse(text, place);
            var id = json.TextOrNumber("id");
            allHaveIds ??= id is not null;
            if (id is not null != allHaveIds)
            {
                // Ids of ours could be the same as ids of theirs.
                throw new CorpusFormatException(
                    $"{place}: {(id is null ? "no field 'id'" : "there is a field 'id'")}, unlike on the lines before; "
                    + "expected every line to have one, or none.");
            }

            foreach (var document in Documents(json, id ?? $"{record}", source, place, line))
            {
                if (id is not null && !ids.TryAdd(document.Id, line))
                {
                    throw new CorpusFormatException(
                        $"{place}: id '{Excerpt.Of(document.Id)}' is also that of line {ids[document.Id]}; expected ids to be unique.");
                }

                yield return document;
            }
        }
    }

    private static IEnumerable<Document> Documents(JsonFields json, string id, DocumentSource source, string place, long line)
    {
        if (source.Fields.Count > 0)
        {
            return source.Fields
                .Select(f => new Document { Id = $"{id}-{f.Field}", Text = json.TextOrEmpty(f.Field), HighRisk = f.HighRisk })
                .ToArray();
        }

        var text = json.TextOrEmpty(source.TextField);
        var kind = json.Text("kind");
        if (kind is not (null or "risky" or "neutral"))
        {
            throw new CorpusFormatException($"{place}: field 'kind' is '{Excerpt.Of(kind)}'; expected 'risky' or 'neutral'.");
        }

        return
        [
            new Document
            {
                Id = id,
                Text = text,
                Spans = json.Spans("spans", text),
                HighRisk = Label(json, source) is { } label ? RiskLabels.Parse(label, source, line) : null,
                Kind = kind,
                FittingReply = json.Text("fitting"),
                UnfittingReply = json.Text("unfitting"),
            },
        ];
    }

    /// <summary>A field that was asked for must be there, if only as null; the usual one need not.</summary>
    private static string? Label(JsonFields json, DocumentSource source) =>
        source.LabelField is { } field ? json.RequiredScalar(field) : json.Scalar("label");
}
