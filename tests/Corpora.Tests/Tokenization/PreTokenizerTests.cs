using System.Text.RegularExpressions;

namespace SlungOrleans.Corpora.Tests.Tokenization;

public sealed partial class PreTokenizerTests
{
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2Pattern { get; }

    [Theory]
    [InlineData("it's we'll they'd", "it|'s| we|'ll| they|'d")]
    [InlineData("''s IT'S", "''|s| IT|'|S")]
    [InlineData("a  b\n\n c\t", "a| | b|\n\n| c|\t")]
    [InlineData("x1² !? 'n", "x|1²| !?| '|n")]
    [InlineData("   ", "   ")]
    public void EndOf_KnownText_CutsAsGpt2(string text, string pieces) => Assert.Equal(pieces.Split('|'), Pieces(text));

    [Fact]
    public void EndOf_RandomText_CutsAsThePattern()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            var text = RandomText.Of(random, surrogates: false);
            Assert.Equal(Gpt2Pattern.Matches(text).Select(match => match.Value), Pieces(text));
        }
    }

    [Fact]
    public void EndOf_LettersBeyondTheBasicPlane_AreLetters() =>
        Assert.Equal(["x𝒜𠀀y", " 𝟙𝟚", "😀"], Pieces("x𝒜𠀀y 𝟙𝟚😀"));

    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = PreTokenizer.EndOf(text, start);
            pieces.Add(text[start..end]);
        }

        return pieces;
    }
}
