using System.Net;
using System.Text.RegularExpressions;

namespace SlungOrleans.Corpora;

/// <summary>Takes out of a tweet what is not its author's words.</summary>
internal static partial class TweetCleaner
{
    public static string Clean(string text)
    {
        var decoded = WebUtility.HtmlDecode(text);
        return WhiteSpace().Replace(Marks().Replace(decoded, " "), " ").Trim();
    }

    /// <summary>
    /// Links; handles with the colon that follows them in a quoted tweet, but not e-mail addresses; RT as a word of its own.
    /// </summary>
    [GeneratedRegex(@"https?:\S*|(?<!\w)www\.\S+|(?<!\w)(?:@\w+)+:?|(?<![\w@#])RT(?!\w):?", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
