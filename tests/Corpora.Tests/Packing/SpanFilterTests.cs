namespace SlungOrleans.Corpora.Tests.Packing;

public sealed class SpanFilterTests
{
    [Fact]
    public void Remove_SentenceInTheMiddle_GoesWithItsSeparator()
    {
        var filtered = SpanFilter.Remove("One. Two! Three? End", [new(0, 4, 0), new(5, 9, 1), new(10, 16, 0.0001)], 1e-4);
        Assert.Equal("One. Three? End", filtered.Text);
        Assert.Equal([new(0, 4, 0), new(5, 11, 0.0001)], filtered.Spans);
    }

    [Theory]
    [InlineData("a zug b", 2, 5, "a b")]
    [InlineData("a zug", 2, 5, "a ")]
    [InlineData("a zug, b", 2, 5, "a , b")]
    [InlineData("zug\n\nb", 0, 3, "\nb")]
    [InlineData("zug", 0, 3, "")]
    public void Remove_OneSpan_OneWhiteSpaceBehindItGoesToo(string text, int start, int end, string left) =>
        Assert.Equal(left, SpanFilter.Remove(text, [new(start, end, 0.5)], 1e-4).Text);

    [Fact]
    public void Remove_NextSpanBeginsWithWhiteSpace_ItKeepsIt()
    {
        var filtered = SpanFilter.Remove("One. Two.", [new(0, 4, 1), new(4, 9, 0)], 1e-4);
        Assert.Equal((" Two.", new ScoredSpan(0, 5, 0)), (filtered.Text, filtered.Spans[0]));
    }

    [Theory]
    [InlineData("zug brak", true)]
    [InlineData("zug \n brak", true)]
    [InlineData("zug, brak", false)]
    public void IsEmpty_NothingButWhiteSpaceLeft_IsTrue(string text, bool empty) =>
        Assert.Equal(empty, SpanFilter.Remove(text, [new(0, 3, 1), new(text.Length - 4, text.Length, 1)], 1e-4).IsEmpty);

    [Fact]
    public void Remove_RandomSpans_LeavesWhatCharacterByCharacterDeletionLeaves()
    {
        var random = new Random(6);
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abc \n"[random.Next(5)]));
            var spans = new List<ScoredSpan>();
            for (var at = random.Next(3); at < text.Length; at += random.Next(4))
            {
                var end = Math.Min(text.Length, at + random.Next(1, 6));
                spans.Add(new(at, end, random.Next(2)));
                at = end;
            }

            var deleted = new bool[text.Length];
            foreach (var span in spans.Where(span => span.Score > 0.5))
            {
                Array.Fill(deleted, true, span.Start, span.End - span.Start);
                if (span.End < text.Length && char.IsWhiteSpace(text[span.End]) && !spans.Any(other => other.Start == span.End))
                {
                    deleted[span.End] = true;
                }
            }

            var filtered = SpanFilter.Remove(text, spans, 0.5);
            Assert.Equal(string.Concat(text.Where((_, index) => !deleted[index])), filtered.Text);
            Assert.Equal(
                spans.Where(span => span.Score < 0.5).Select(span => text[span.Start..span.End]),
                filtered.Spans.Select(span => filtered.Text[span.Start..span.End]));
        }
    }
}
