namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class JsonLinesReaderTests
{
    [Fact]
    public void Read_AllFields_FillsDocument()
    {
        using var file = new TemporaryFile("a.jsonl",
            """
            {"id":"first","text":"you are a kabe","spans":[[10,14,1.0],[0,9,0.25]],"label":true,"kind":"risky","fitting":"stop","unfitting":"thanks","other":{"x":[1]}}

            {"id":7,"text":"hello there","spans":[{"start":0,"end":5,"score":0.5}],"label":0}

            """);

        var documents = file.Read();

        Assert.Equal(["first", "7"], documents.Select(d => d.Id));
        Assert.Equal([new ScoredSpan(0, 9, 0.25), new ScoredSpan(10, 14, 1)], documents[0].Spans);
        Assert.Equal((true, "risky", "stop", "thanks"),
            (documents[0].HighRisk, documents[0].Kind, documents[0].FittingReply, documents[0].UnfittingReply));
        Assert.Equal([new ScoredSpan(0, 5, 0.5)], documents[1].Spans);
        Assert.False(documents[1].HighRisk);
        Assert.Null(documents[1].Kind);
    }

    [Fact]
    public void Read_NoIds_NumbersRecordsAndCountsSkipped()
    {
        using var file = new TemporaryFile("a.jsonl", "{\"text\":\"a\"}\n{\"text\":\" \"}\n{\"text\":null}\n{\"text\":\"b\"}");
        var counts = new ReadCounts();

        var documents = file.Read(counts: counts);

        Assert.Equal([("1", "a"), ("4", "b")], documents.Select(d => (d.Id, d.Text)));
        Assert.Equal((2, 2, 0, 0), (counts.Documents, counts.Skipped, counts.HighRisk, counts.Benign));
    }

    [Fact]
    public void Read_LabelFieldWithPositiveLabels_MapsValues()
    {
        using var file = new TemporaryFile("a.jsonl",
            "{\"body\":\"a\",\"class\":0}\n{\"body\":\"b\",\"class\":2}\n{\"body\":\"c\",\"class\":\"hate\"}\n{\"body\":\"d\",\"class\":null}\n");
        var counts = new ReadCounts();

        var documents = file.Read(
            new DocumentSource { Path = "", TextField = "body", LabelField = "class", PositiveLabels = ["0", "hate"] }, counts);

        Assert.Equal([true, false, true, null], documents.Select(d => d.HighRisk));
        Assert.Equal((4, 2, 1), (counts.Documents, counts.HighRisk, counts.Benign));
    }

    [Fact]
    public void Read_LabelFieldThatIsNotThere_ListsFields()
    {
        using var file = new TemporaryFile("a.jsonl", "{\"text\":\"a\",\"class\":1}\n{\"text\":\"b\",\"clas\":1}\n");

        Assert.Equal($"{file.Path}, line 2: nothing in field 'class'; the fields are 'text', 'clas'.",
            file.Error(new DocumentSource { Path = "", LabelField = "class" }));
    }

    [Fact]
    public void Read_LabelledFields_MakesADocumentOfEach()
    {
        using var file = new TemporaryFile("a.ndjson", "{\"bad\":\"a\",\"good\":\"b\"}\n{\"bad\":\"c\",\"good\":null}\n");

        var documents = file.Read(new DocumentSource { Path = "", Fields = [new("bad", true), new("good", false)] });

        Assert.Equal([("1-bad", "a", true), ("1-good", "b", false), ("2-bad", "c", true)],
            documents.Select(d => (d.Id, d.Text, d.HighRisk!.Value)));
    }

    [Fact]
    public void Read_IsLazy_StopsBeforeTheBrokenLine()
    {
        using var file = new TemporaryFile("a.jsonl", "{\"text\":\"a\"}\nnot json\n");

        Assert.Equal("a", DocumentReader.Read(new DocumentSource { Path = file.Path }).First().Text);
    }

    [Theory]
    [InlineData("{\"text\":\"a\"", "line 2: '{\"text\":\"a\"' is not valid JSON (")]
    [InlineData("[1,2]", "line 2: an array found; expected one JSON object per line.")]
    [InlineData("{\"body\":\"a\",\"n\":1}", "line 2: nothing in field 'text'; the fields are 'body', 'n'.")]
    [InlineData("{\"text\":12}", "line 2: field 'text' is the number 12; expected a string.")]
    [InlineData("{\"text\":\"\\ud83d!\"}", "line 2: field 'text' has half a surrogate pair; expected valid Unicode.")]
    [InlineData("{\"text\":\"a\",\"label\":\"bad\"}", "line 2: label 'bad'; expected true or false, or 1 or 0, unless")]
    [InlineData("{\"text\":\"a\",\"label\":[1]}", "line 2: field 'label' is an array; expected a string.")]
    [InlineData("{\"text\":\"a\",\"kind\":\"odd\"}", "line 2: field 'kind' is 'odd'; expected 'risky' or 'neutral'.")]
    [InlineData("{\"text\":\"a\",\"id\":\"x\"}", "line 2: there is a field 'id', unlike on the lines before; expected every line to have one, or none.")]
    [InlineData("{\"text\":\"abc\",\"spans\":7}", "line 2, field 'spans': '7' found; expected an array of spans.")]
    [InlineData("{\"text\":\"abc\",\"spans\":[[0,1]]}", "line 2, field 'spans': span '[0,1]'; expected [start, end, score] or")]
    [InlineData("{\"text\":\"abc\",\"spans\":[[0,1.5,1]]}", "line 2, field 'spans': span '[0,1.5,1]'; expected [start, end, score] or")]
    [InlineData("{\"text\":\"abc\",\"spans\":[[0,4,1]]}", "line 2, field 'spans': span [0, 4, 1]: it lies outside the text, which has 3 UTF-16 code units.")]
    [InlineData("{\"text\":\"abc\",\"spans\":[[2,2,1]]}", "line 2, field 'spans': span [2, 2, 1]: its start must be at least 0 and below its end.")]
    [InlineData("{\"text\":\"abc\",\"spans\":[[0,2,1],[1,3,1]]}", "line 2, field 'spans': span [1, 3, 1]: it overlaps [0, 2].")]
    [InlineData("{\"text\":\"abc\",\"spans\":[[0,2,1.5]]}", "line 2, field 'spans': span [0, 2, 1.5]: its score must be from 0 to 1.")]
    [InlineData("{\"text\":\"a😀\",\"spans\":[[0,2,1]]}", "line 2, field 'spans': span [0, 2, 1]: it cuts a character in two: offsets count UTF-16 code units.")]
    public void Read_BadLine_NamesLineFieldAndExpectation(string line, string expected)
    {
        using var file = new TemporaryFile("a.jsonl", "{\"text\":\"first\"}\n" + line + "\n");

        Assert.StartsWith($"{file.Path}, {expected}", file.Error());
    }

    [Fact]
    public void Read_SameIdTwice_NamesBothLines()
    {
        using var file = new TemporaryFile("a.jsonl", "{\"id\":\"x\",\"text\":\"a\"}\n\n{\"id\":\"x\",\"text\":\"b\"}\n");

        Assert.Equal($"{file.Path}, line 3: id 'x' is also that of line 1; expected ids to be unique.", file.Error());
    }

    [Fact]
    public void Read_CleaningOfDocumentWithSpans_IsAnError()
    {
        using var file = new TemporaryFile("a.jsonl", "{\"id\":\"x\",\"text\":\"abc\",\"spans\":[[0,1,1]]}\n");

        Assert.EndsWith("document 'x' has spans, whose offsets cleaning would move; expected no cleaning.",
            file.Error(new DocumentSource { Path = "", Cleaning = TextCleaning.Tweet }));
    }
}
