namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class PlainTextReaderTests
{
    [Fact]
    public void Read_Paragraphs_JoinsThemUntilThereAreEnoughCharacters()
    {
        using var file = new TemporaryFile("a.txt", "\n = Title = \n \none two\nthree\r\n\n\nfour five six seven\n\neight\n");

        var documents = file.Read(new DocumentSource { Path = "", CharactersPerDocument = 15 });

        Assert.Equal([("1", " = Title = \n\none two\nthree"), ("2", "four five six seven"), ("3", "eight")],
            documents.Select(d => (d.Id, d.Text)));
    }

    [Fact]
    public void Read_NoBlankLines_CutsAtALineEnd()
    {
        using var file = new TemporaryFile("a.text", string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i:D3}\n")));

        var documents = file.Read(new DocumentSource { Path = "", CharactersPerDocument = 30 });

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"line {i:D3}"), documents.SelectMany(d => d.Text.Split('\n')));
        Assert.All(documents.SkipLast(1), d => Assert.InRange(d.Text.Length, 299, 309));
    }

    [Fact]
    public void Read_NonsenseSize_IsAnError()
    {
        using var file = new TemporaryFile("a.txt", "x");

        Assert.EndsWith("0 characters per document; expected at least 1.",
            file.Error(new DocumentSource { Path = "", CharactersPerDocument = 0 }));
    }
}
