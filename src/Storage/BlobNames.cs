using System.Buffers;

namespace SlungOrleans.Storage;

/// <summary>What a blob may be called, the same in every store.</summary>
internal static class BlobNames
{
    private const int LongestName = 900;
    private const int LongestPart = 200;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <exception cref="ArgumentException">The name is none that a blob may have.</exception>
    internal static void Ensure(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > LongestName || !name.Split('/').All(IsPart))
        {
            throw new ArgumentException(
                $"'{name}' is not a blob's name; expected parts of 1 to {LongestPart} characters of A-Z, a-z, 0-9, '.', '_' and '-', joined by '/', none '.' or '..', at most {LongestName} in all.",
                nameof(name));
        }
    }

    /// <exception cref="ArgumentException">No blob's name can start so.</exception>
    internal static void EnsurePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string[] parts = prefix.Split('/');
        if (!parts[..^1].All(IsPart) || parts[^1].AsSpan().ContainsAnyExcept(Characters))
        {
            throw new ArgumentException($"No blob's name starts with '{prefix}'; expected the beginning of a name such as 'runs/a-1/'.", nameof(prefix));
        }
    }

    internal static bool IsPart(string part) =>
        part.Length is > 0 and <= LongestPart && part is not ("." or "..") && !part.AsSpan().ContainsAnyExcept(Characters);
}
