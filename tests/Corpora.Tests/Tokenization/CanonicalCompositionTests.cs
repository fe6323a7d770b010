namespace SlungOrleans.Corpora.Tests.Tokenization;

public sealed class CanonicalCompositionTests
{
    /// <summary>The examples of UAX #15, figures 3 to 6, and of its list of exclusions.</summary>
    [Theory]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uD558\u11AB", "\uD55C")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\U0002F800", "\u4E3D")]
    [InlineData("a\u0315\u0300b", "\u00E0\u0315b")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("\uFB01 x² 語 हिन्दी", "\uFB01 x² 語 हिन्दी")]
    public void Compose_PublishedExample_IsInFormC(string text, string composed)
    {
        Assert.Equal(composed, CanonicalComposition.Compose(text).ToString());
        Assert.Equal(composed, CanonicalComposition.Compose(composed).ToString());
    }

    [Fact]
    public void Compose_TextBelowTheFirstMark_IsTheSameMemory()
    {
        var text = "naïve Ŵ".AsSpan();
        Assert.True(text == CanonicalComposition.Compose(text));
    }
}
