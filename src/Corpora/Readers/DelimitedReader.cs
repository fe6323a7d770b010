namespace SlungOrleans.Corpora;

/// <summary>Documents from CSV and TSV.</summary>
internal static class DelimitedReader
{
    public static IEnumerable<Document> Read(DocumentSource source, char delimiter)
    {
        using var table = new DelimitedTable(SourceFile.OpenText(source.Path), source.Path, delimiter);
        var fields = source.Fields.Select(f => (Column: table.Column(f.Field), f.Field, f.HighRisk)).ToArray();
        var text = fields.Length == 0 ? table.Column(source.TextField) : -1;
        var label = source.LabelField is { } name ? table.Column(name) : -1;
        for (var row = 1; table.Read(); row++)
        {
            if (fields.Length == 0)
            {
                var highRisk = label < 0 ? null : RiskLabels.Parse(table.Field(label), source, table.Line);
                yield return new Document { Id = $"{row}", Text = table.Field(text), HighRisk = highRisk };
            }

            foreach (var field in fields)
            {
                yield return new Document { Id = $"{row}-{field.Field}", Text = table.Field(field.Column), HighRisk = field.HighRisk };
            }
        }
    }
}
