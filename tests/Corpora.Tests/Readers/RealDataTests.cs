namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class RealDataTests
{
    [RealDataFact]
    public void Read_SemEvalToxicSpans_EverySpanLiesInItsText()
    {
        var documents = Read("toxic-spans/tsd_train.csv");

        // 7,939 posts; the lists of 485 are empty, as grep -c '^\[\],' counts them too.
        Assert.Equal(7939, documents.Count);
        Assert.Equal(485, documents.Count(d => d.Spans.Count == 0));
        Assert.All(documents, d => Assert.All(d.Spans, s => Assert.InRange(s.End, s.Start + 1, d.Text.Length)));
    }

    [RealDataFact]
    public void Read_Davidson_MapsClassesAndCleansTweets()
    {
        var counts = new ReadCounts();

        var documents = Read("davidson/labeled_data.csv", new DocumentSource
        {
            Path = "",
            TextField = "tweet",
            LabelField = "class",
            PositiveLabels = ["0", "1"],
            Cleaning = TextCleaning.Tweet,
        }, counts);

        // 1,430 hate, 19,190 offensive, 4,163 neither (Davidson et al. 2017).
        Assert.Equal(24_783, counts.Documents + counts.Skipped);
        Assert.Equal((1430 + 19_190, 4163), (counts.HighRisk, counts.Benign + counts.Skipped));
        Assert.Equal(0, documents.Count(d => d.Text.Contains("http:") || d.Text.StartsWith("RT ")));
        Assert.Equal(0, documents.Count(d => d.Text[0] == '@' && char.IsLetter(d.Text[1])));
    }

    [RealDataFact]
    public void Read_ParaDetox_PairsToxicAndNeutralTexts()
    {
        var documents = Read("paradetox/paradetox.tsv", new DocumentSource
        {
            Path = "",
            Fields = [new("toxic", true), new("neutral1", false), new("neutral2", false), new("neutral3", false)],
        });

        // 11,935 lines, of which some belong to quoted fields: 11,927 rows, as Python's csv module reads them too.
        Assert.Equal(11_927, documents.Count(d => d.HighRisk == true));
        Assert.InRange(documents.Count(d => d.HighRisk == false), 11_927, 3 * 11_927);
        Assert.Equal(documents.Count, documents.Select(d => d.Id).Distinct().Count());
    }

    [RealDataFact]
    public void Read_WikiText_KeepsEveryLineThatIsNotBlank()
    {
        var documents = Read("wikitext-2/valid.txt");

        var expected = File.ReadLines(RealDataFactAttribute.PathOf("wikitext-2/valid.txt")).Where(line => !string.IsNullOrWhiteSpace(line));
        Assert.Equal(expected, documents.SelectMany(d => d.Text.Split('\n')).Where(line => line.Length > 0));
        Assert.All(documents.SkipLast(1), d => Assert.InRange(d.Text.Length, 999, 10_000));
    }

    private static List<Document> Read(string file, DocumentSource? source = null, ReadCounts? counts = null)
    {
        var path = RealDataFactAttribute.PathOf(file);
        return [.. DocumentReader.Read((source ?? new DocumentSource { Path = path }) with { Path = path }, counts)];
    }
}
