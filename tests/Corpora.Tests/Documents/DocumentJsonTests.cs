using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace SlungOrleans.Corpora.Tests.Documents;

public sealed class DocumentJsonTests
{
    [Fact]
    public void Write_Document_IsOneLineWithoutNulls()
    {
        Assert.Equal(
            """{"id":"a-1","text":"é 😀 \"<&\n","spans":[[0,1,0.1],[2,4,1]],"label":false}""" + "\n",
            Written(stream => DocumentJson.Write(stream, new Document
            {
                Id = "a-1",
                Text = "é 😀 \"<&\n",
                Spans = [new(0, 1, 0.1), new(2, 4, 1)],
                HighRisk = false,
            })).Replace("\\uD83D\\uDE00", "😀"));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var text = Gen.Elements("a", "\"", "\\", "\n", "\r", "\u2028", "é", "e\u0301", "😀", "\0", "<", "\u007f", " ")
            .NonEmptyListOf().Select(string.Concat);
        var documents = (
            from body in text
            from optional in text
            from highRisk in Gen.Elements<bool?>(null, true, false)
            from score in Gen.Elements(0, 1e-4, 1.0 / 3, 1.0)
            from isPrompt in Gen.Elements(true, false)
            select new Document
            {
                Id = optional + "-1",
                Text = body + "x",
                Spans = score > 0 ? [new(body.Length, body.Length + 1, score)] : [],
                HighRisk = highRisk,
                Kind = isPrompt ? optional : null,
                FittingReply = isPrompt ? null : optional,
                UnfittingReply = isPrompt ? null : body,
            }).ListOf().ToArbitrary();
        var property = Prop.ForAll(documents, list =>
        {
            var shard = Written(stream => list.ToList().ForEach(d => DocumentJson.Write(stream, d)));
            var read = DocumentJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(shard)), "shard").ToList();

            Assert.Equal(list.Count, read.Count);
            foreach (var (expected, actual) in list.Zip(read))
            {
                Assert.Equal(expected.Spans, actual.Spans);
                Assert.Equal(expected with { Spans = actual.Spans }, actual);
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), property);
    }

    [Fact]
    public void Parse_LineWithoutId_IsAnError()
    {
        Assert.Equal("document: nothing in field 'id'; the fields are 'text'.",
            Assert.Throws<CorpusFormatException>(() => DocumentJson.Parse("{\"text\":\"a\"}")).Message);
    }

    [Fact]
    public void Read_BrokenShard_NamesShardAndLine()
    {
        var shard = new MemoryStream("{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"2\",\"text\":\"a\",\"label\":1}\n"u8.ToArray());

        Assert.Equal("documents-00000, line 2: field 'label' is the number 1; expected true or false.",
            Assert.Throws<CorpusFormatException>(() => DocumentJson.Read(shard, "documents-00000").Count()).Message);
    }

    [Fact]
    public void Tags_WhatWasWritten_ComesBackRowByRow()
    {
        IReadOnlyList<ScoredSpan>[] rows = [[new(0, 3, 0.1), new(3, 9, 1)], [], [new(5, 6, 1e-300)]];

        var written = Written(stream => rows.ToList().ForEach(row => TagJson.Write(stream, row)));

        Assert.Equal("[[0,3,0.1],[3,9,1]]\n[]\n[[5,6,1E-300]]\n", written);
        Assert.Equal(rows, TagJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(written)), "tags"));
    }

    [Theory]
    [InlineData("[[0,3,1],[2,4,1]]", "tags: span [2, 4, 1]: it overlaps [0, 3].")]
    [InlineData("[[0,3,2]]", "tags: span [0, 3, 2]: its score must be from 0 to 1.")]
    [InlineData("[[0,3", "tags: '[[0,3' is not valid JSON; expected [[start,end,score],…].")]
    [InlineData("{}", "tags: '{}' found; expected an array of spans.")]
    public void ParseTags_BadLine_SaysWhy(string line, string expected)
    {
        Assert.Equal(expected, Assert.Throws<CorpusFormatException>(() => TagJson.Parse(line)).Message);
    }

    private static string Written(Action<Stream> write)
    {
        var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
