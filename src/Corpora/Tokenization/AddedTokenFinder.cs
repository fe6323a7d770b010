using System.Buffers;

namespace SlungOrleans.Corpora;

/// <summary>Finds added tokens in text: the leftmost, of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<string> _any;
    private readonly (string Text, int Id)[] _longestFirst;

    internal AddedTokenFinder(IReadOnlyList<(string Text, int Id)> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(token => token.Text.Length)];
        _any = SearchValues.Create([.. tokens.Select(token => token.Text)], StringComparison.Ordinal);
    }

    /// <summary>Where the next added token is, how long, and its id; false if there is none.</summary>
    internal bool TryFind(ReadOnlySpan<char> text, out int index, out int length, out int id)
    {
        (length, id) = (0, 0);
        index = text.IndexOfAny(_any);
        if (index < 0)
        {
            return false;
        }

        foreach (var token in _longestFirst)
        {
            if (text[index..].StartsWith(token.Text, StringComparison.Ordinal))
            {
                (length, id) = (token.Text.Length, token.Id);
                return true;
            }
        }

        return false;
    }
}
