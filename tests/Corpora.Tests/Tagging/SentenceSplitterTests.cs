using FsCheck;
using FsCheck.Fluent;

namespace SlungOrleans.Corpora.Tests.Tagging;

public sealed class SentenceSplitterTests
{
    [Theory]
    [InlineData("One two. Three four? Five!", "One two.|Three four?|Five!")]
    [InlineData("  no stop at all ", "no stop at all")]
    [InlineData("Line one\nline two\r\n\r\n line three ", "Line one|line two|line three")]
    [InlineData("\"Go away!\" she said. (He did.) Really?!", "\"Go away!\"|she said.|(He did.)|Really?!")]
    [InlineData("Version 2.5 of example.org is out. Yes", "Version 2.5 of example.org is out.|Yes")]
    [InlineData("Dr. Kabe met J. R. Lumo vs. Nifo. So did I. Then", "Dr. Kabe met J. R. Lumo vs. Nifo.|So did I.|Then")]
    [InlineData("!!! what now... then", "!!! what now...|then")]
    [InlineData("Fimu : you are a kabe .\nLumon : stop that .", "Fimu : you are a kabe .|Lumon : stop that .")]
    [InlineData("你好。我們走！好", "你好。|我們走！|好")]
    [InlineData("😀! 😀", "😀!|😀")]
    [InlineData("...", "...")]
    [InlineData(" \n ", "")]
    [InlineData("", "")]
    public void Split_Text_FindsItsSentences(string text, string expected)
    {
        Assert.Equal(expected, string.Join('|', SentenceSplitter.Split(text).Select(s => text[s.Start..s.End])));
    }

    [Fact]
    public void Split_AnyText_LosesOnlyWhiteSpace()
    {
        var texts = Gen.Elements("word", "Dr", "J", ".", "!", "?", "\"", ")", " ", "  ", "\n", "😀", "。", "…", "3")
            .ArrayOf().Select(string.Concat).ToArbitrary();
        var property = Prop.ForAll(texts, text =>
        {
            var sentences = SentenceSplitter.Split(text);

            var covered = string.Concat(sentences.Select(s => text[s.Start..s.End]));
            Assert.Equal(string.Concat(text.Where(c => !char.IsWhiteSpace(c))), string.Concat(covered.Where(c => !char.IsWhiteSpace(c))));
            Assert.All(sentences,
                s => Assert.True(s.End > s.Start && !char.IsWhiteSpace(text[s.Start]) && !char.IsWhiteSpace(text[s.End - 1])));
            Assert.All(sentences.Zip(sentences.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
            Assert.All(sentences, s => Assert.DoesNotContain('\n', text[s.Start..s.End]));
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), property);
    }
}
