using SlungOrleans.Corpora.Tests.Tokenization;

namespace SlungOrleans.Corpora.Tests.Packing;

public sealed class LabelledEncoderTests
{
    private static readonly BytePairTokenizer Trained = BytePairTokenizer.Train(SampleText.Documents(100), 500);

    [Fact]
    public void Encode_SentencesWithSeparators_SeparatorGoesWithTheNextSentence()
    {
        const string Text = "One. Two! Three? End";
        ScoredSpan[] spans = [new(0, 4, 0.00001), new(5, 9, 0.995), new(10, 16, 0.5)];
        var expected = "1111" + "33333" + "2222222" + "1111";
        Assert.Equal(expected, Labels(Text, spans, SpanCutting.SpanEnds));
        Assert.Equal(expected, Labels(Text, spans, SpanCutting.ExactSpans));
    }

    [Fact]
    public void Encode_WordsInText_TextBeforeThemIsBenignOnlyForExactSpans()
    {
        const string Text = "you zug, (brak) here";
        ScoredSpan[] spans = [new(4, 7, 1), new(10, 14, 0.7)];
        Assert.Equal("111" + "3333" + "111" + "2222" + "111111", Labels(Text, spans, SpanCutting.ExactSpans));
        Assert.Equal("3333333" + "2222222" + "111111", Labels(Text, spans, SpanCutting.SpanEnds));
    }

    [Theory]
    [InlineData(0, '1')]
    [InlineData(0.0001, '1')]
    [InlineData(0.00011, '2')]
    [InlineData(0.99, '2')]
    [InlineData(0.9901, '3')]
    [InlineData(1, '3')]
    public void Encode_Score_IsComparedStrictly(double score, char label) =>
        Assert.Equal(new string(label, 3), Labels("zug", [new(0, 3, score)], SpanCutting.ExactSpans));

    [Fact]
    public void Encode_NoSpans_IsBenignAndTheTextsOwnTokens()
    {
        var text = SampleText.Documents(1)[0];
        Assert.Equal(Tokens(text), Encode(Trained, text, [], SpanCutting.SpanEnds).Tokens);
        Assert.All(Encode(Trained, text, [], SpanCutting.SpanEnds).Labels, label => Assert.Equal(1, label));
    }

    [Fact]
    public void Encode_ExactSpansOfWords_TokensAreThoseOfTheWholeText()
    {
        var random = new Random(4);
        foreach (var text in SampleText.Documents(200))
        {
            var spans = new List<ScoredSpan>();
            for (int start = 0, end; start < text.Length; start = end + 1)
            {
                end = text.IndexOfAny([' ', '.'], start) is >= 0 and var found ? found : text.Length;
                if (end > start && random.Next(4) == 0 && !text[start..end].Contains('\'', StringComparison.Ordinal))
                {
                    spans.Add(new(start, end, 1));
                }
            }

            Assert.NotEmpty(spans);
            Assert.Equal(Tokens(text), Encode(Trained, text, spans, SpanCutting.ExactSpans).Tokens);
        }
    }

    [Fact]
    public void Encode_SpanWithinAWord_PiecesAreTokenisedApart()
    {
        var text = SampleText.Documents(1)[0].Split(' ').First(word => Tokens(word).Count == 1 && word.Length > 2);
        var (tokens, labels) = Encode(Trained, text, [new(1, 2, 1)], SpanCutting.ExactSpans);
        Assert.Equal([.. Tokens(text[..1]), .. Tokens(text[1..2]), .. Tokens(text[2..])], tokens);
        Assert.Equal(Tokens(text[1..2]).Count, labels.Count(label => label == 3));
    }

    [Fact]
    public void Encode_ListsWithContent_AreAppendedTo()
    {
        List<int> tokens = [9];
        List<byte> labels = [0];
        LabelledEncoder.Encode(ByteTokenizer.Instance, "ab", [new(1, 2, 1)], RiskThresholds.Default, tokens, labels);
        Assert.Equal(3, tokens.Count);
        Assert.Equal([0, 1, 3], labels);
    }

    [Theory]
    [InlineData(2, 2, 0.5, "goes from 2 to 2")]
    [InlineData(-1, 2, 0.5, "goes from -1 to 2")]
    [InlineData(1, 6, 0.5, "an end of 5 or below")]
    [InlineData(1, 2, double.NaN, "has the score NaN")]
    [InlineData(3, 4, 0.5, "cuts a character in two")]
    public void Encode_SpanThatDoesNotFit_IsRefused(int start, int end, double score, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<CorpusFormatException>(() => Labels("abc🙂", [new(start, end, score)], SpanCutting.ExactSpans)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Encode_OverlappingSpans_AreRefused() =>
        Assert.Contains(
            "Span 1 goes from 2 to 4; an end above its start, a start of 3 or above",
            Assert.Throws<CorpusFormatException>(() => Labels("abcde", [new(0, 3, 1), new(2, 4, 1)], SpanCutting.ExactSpans)).Message,
            StringComparison.Ordinal);

    private static string Labels(string text, ScoredSpan[] spans, SpanCutting cutting) =>
        string.Concat(Encode(ByteTokenizer.Instance, text, spans, cutting).Labels);

    private static List<int> Tokens(string text)
    {
        var tokens = new List<int>();
        Trained.Encode(text, tokens);
        return tokens;
    }

    private static (List<int> Tokens, List<byte> Labels) Encode(
        BytePairTokenizer tokenizer, string text, IReadOnlyList<ScoredSpan> spans, SpanCutting cutting)
    {
        var (tokens, labels) = (new List<int>(), new List<byte>());
        LabelledEncoder.Encode(tokenizer, text, spans, RiskThresholds.Default, tokens, labels, cutting);
        return (tokens, labels);
    }
}
