using FsCheck;
using FsCheck.Fluent;

namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class DelimitedReaderTests
{
    private static readonly DocumentSource Any = new() { Path = "" };

    [Fact]
    public void Read_QuotedFields_KeepsNewlinesQuotesAndDelimiters()
    {
        using var file = new TemporaryFile("a.csv",
            "id,text,class\r\n1,\"one,\r\ntwo \"\"three\"\"\",1\r\n\r\n2, plain \"quoted\" ,0\r\n3,,1\r\n4,\"\",0\r\n");
        var counts = new ReadCounts();

        var documents = file.Read(Any with { LabelField = "class" }, counts);

        Assert.Equal([("1", "one,\r\ntwo \"three\"", true), ("2", " plain \"quoted\" ", false)],
            documents.Select(d => (d.Id, d.Text, d.HighRisk!.Value)));
        Assert.Equal((2, 2), (counts.Documents, counts.Skipped));
    }

    [Fact]
    public void Read_LabelledColumns_SkipsEmptyCells()
    {
        using var file = new TemporaryFile("pairs.tsv", "rude\tkind1\tkind2\nyou kabe\tyou friend\t\nbe off\t\tplease go\n");

        var documents = file.Read(Any with { Fields = [new("rude", true), new("kind1", false), new("kind2", false)] });

        Assert.Equal(
            [("1-rude", "you kabe", true), ("1-kind1", "you friend", false), ("2-rude", "be off", true), ("2-kind2", "please go", false)],
            documents.Select(d => (d.Id, d.Text, d.HighRisk!.Value)));
    }

    [Fact]
    public void Read_MissingColumn_ListsColumns()
    {
        using var file = new TemporaryFile("a.csv", "id,body\n1,x\n");

        Assert.Equal($"{file.Path} has no column 'text'; its columns are 'id', 'body'.", file.Error());
    }

    [Theory]
    [InlineData("text,b\n\"one\n\ntwo\",1\n\nx\n", "line 6: 1 field(s) found; expected 2, as in the header row.")]
    [InlineData("text,b\nx,1\ny,2,3\n", "line 3: 3 field(s) found; expected 2, as in the header row.")]
    [InlineData("text,b\nx,1\n\"never closed,2\nz,3\n", "line 3: a quoted field is not closed before the next field or the end of the file.")]
    [InlineData("text,b\n\"x\"y,1\n", "line 2: a quoted field is not closed before the next field or the end of the file.")]
    public void Read_BrokenRow_NamesItsFirstLine(string content, string expected)
    {
        using var file = new TemporaryFile("a.csv", content);

        Assert.Equal($"{file.Path}, {expected}", file.Error());
    }

    [Fact]
    public void Read_LabelsThatAreNoFlags_AsksForPositiveLabels()
    {
        using var file = new TemporaryFile("a.csv", "text,class\nx,1\ny,2\n");

        Assert.StartsWith($"{file.Path}, line 3: label '2'; expected true or false, or 1 or 0",
            file.Error(Any with { LabelField = "class" }));
    }

    [Fact]
    public void Read_ColumnTwice_IsAnError()
    {
        using var file = new TemporaryFile("a.csv", "text,text\nx,y\n");

        Assert.Equal($"{file.Path} has two columns 'text'; expected one.", file.Error());
    }

    [Fact]
    public void Read_FieldsAndLabelField_IsAnError()
    {
        using var file = new TemporaryFile("a.csv", "text,class\nx,1\n");

        Assert.Contains("expected one of the two", file.Error(Any with { Fields = [new("text", true)], LabelField = "class" }));
    }

    [Theory]
    [InlineData(',', "a.csv")]
    [InlineData('\t', "a.tsv")]
    public void Read_AnyTableWrittenByTheStandard_ComesBack(char delimiter, string name)
    {
        var cell = Gen.Elements("a", "word ", "\"", ",", "\t", "\n", "\r\n", "é", "e\u0301", "😀", "'", ";", " ", "\"\"")
            .ArrayOf().Select(string.Concat);
        var rows = Gen.Zip(cell, cell).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
        var newline = Gen.Elements("\n", "\r\n").ToArbitrary();
        var property = Prop.ForAll(rows, newline, Gen.Elements(true, false).ToArbitrary(), (table, end, lastEnd) =>
        {
            var lines = table.Select(row => Quote(row.Item1) + delimiter + Quote(row.Item2));
            using var file = new TemporaryFile(name, string.Join(end, lines.Prepend($"first{delimiter}second")) + (lastEnd ? end : ""));
            string[] expected = [
                .. table.SelectMany(row => new[] { row.Item1, row.Item2 }).Where(text => !string.IsNullOrWhiteSpace(text))];
            var source = Any with { Fields = [new("first", true), new("second", false)] };
            if (expected.Length == 0)
            {
                Assert.Contains("holds no documents", file.Error(source));
            }
            else
            {
                Assert.Equal(expected, file.Read(source).Select(d => d.Text));
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), property);
    }

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"")}\"";
}
