using FsCheck;
using FsCheck.Fluent;

namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class ToxicSpansReaderTests
{
    [Fact]
    public void Read_CodePointOffsets_BecomeUtf16Runs()
    {
        using var file = new TemporaryFile("tsd_trial.csv", "spans,text\n\"[2, 3, 4, 5, 8]\",\"😀 kabe 😀!\"\n[],fine\n");

        var documents = file.Read();

        Assert.Equal([new ScoredSpan(3, 7, 1), new ScoredSpan(10, 11, 1)], documents[0].Spans);
        Assert.Equal("kabe", documents[0].Text[3..7]);
        Assert.Equal("!", documents[0].Text[10..11]);
        Assert.Empty(documents[1].Spans);
    }

    [Theory]
    [InlineData("[9]")]
    [InlineData("[0, -1]")]
    public void Read_OffsetOutsideText_NamesLineAndOffset(string offsets)
    {
        using var file = new TemporaryFile("a.csv", $"spans,text\n[0],ok\n\"{offsets}\",\"😀 kabe 😀!\"\n");
        var offset = offsets.Contains('9') ? 9 : -1;

        Assert.Equal($"{file.Path}, line 3: offset {offset} lies outside the text, which has 9 code points.",
            file.Error(new DocumentSource { Path = "", Format = DocumentFormat.ToxicSpans }));
    }

    [Fact]
    public void Read_SpansThatAreNoList_NamesFieldAndValue()
    {
        using var file = new TemporaryFile("tsd_test.csv", "spans,text\n\"[1, x]\",ok\n");

        Assert.Equal($"{file.Path}, line 2: field 'spans' is '[1, x]'; expected a list of whole numbers such as [0, 1, 2].", file.Error());
    }

    [Fact]
    public void ToSpans_AnyTextAndOffsets_CoversExactlyTheirCodePoints()
    {
        var character = Gen.Elements("a", "é", "e\u0301", "😀", "👩‍👩‍👧", "漢", " ", "\u200D");
        var texts = character.NonEmptyListOf().Select(string.Concat);
        var cases = texts
            .SelectMany(text => Gen.Choose(0, text.EnumerateRunes().Count() - 1).ArrayOf().Select(offsets => (text, offsets))).ToArbitrary();
        var property = Prop.ForAll(cases, example =>
        {
            var chosen = example.offsets.ToHashSet();
            var runes = example.text.EnumerateRunes().ToArray();
            // The reference marks every code unit by itself.
            var expected = runes.SelectMany((rune, i) => Enumerable.Repeat(chosen.Contains(i), rune.Utf16SequenceLength)).ToArray();

            var spans = ToxicSpansReader.ToSpans([.. example.offsets], example.text, "x");

            var marked = new bool[example.text.Length];
            foreach (var span in spans)
            {
                Assert.Equal(1, span.Score);
                marked.AsSpan(span.Start, span.End - span.Start).Fill(true);
            }

            Assert.Equal(expected, marked);
            // Runs are as long as they can be: two never touch.
            Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), property);
    }
}
