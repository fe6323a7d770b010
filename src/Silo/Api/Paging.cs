using System.Buffers.Text;
using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace SlungOrleans.Silo.Api;

/// <summary>How much the API takes and gives at a time.</summary>
internal static class ApiLimits
{
    /// <summary>Bytes of a body.</summary>
    public const int LargestBody = 1 << 20;

    /// <summary>Items of a page where none are asked for.</summary>
    public const int UsualPage = 100;

    /// <summary>Items of a page at most.</summary>
    public const int LargestPage = 1000;

    /// <summary>Items of a page at most, where they are small and many.</summary>
    public const int LargestPageOfPoints = 20_000;

    /// <summary>Documents of a page at most.</summary>
    public const int LargestPageOfDocuments = 200;
}

/// <summary>A page of a list.</summary>
/// <param name="Items">Its items, in the list's order.</param>
/// <param name="Next">The cursor of the page after it; null if it is the last.</param>
internal sealed record Page<T>(ImmutableArray<T> Items, string? Next);

/// <summary>Which page of a list. Lists have a fixed order, and a page begins after a place in it: what is added or gone meanwhile makes nothing appear twice.</summary>
/// <param name="Limit">How many items at most.</param>
/// <param name="Cursor">Where the page begins.</param>
internal sealed record PageQuery(
    [property: FromQuery(Name = "limit"), Description("How many items at most.")] int? Limit = null,
    [property: FromQuery(Name = "cursor"), Description("Where the page begins: `next` of the page before it. Without: at the beginning.")] string? Cursor = null)
{
    /// <summary>The key that the page begins after; null for the first page.</summary>
    public string? After { get; } = Cursor is null ? null : Decode(Cursor);

    /// <summary>The page of a list whose items have keys that rise.</summary>
    public Page<T> Of<T>(IEnumerable<T> items, Func<T, string> keyOf, int largest = ApiLimits.LargestPage)
    {
        var take = Take(largest);
        var found = items.Select(item => (Key: keyOf(item), Item: item)).Where(item => IsAfter(item.Key)).Take(take + 1).ToList();
        return PageOf(found, take);
    }

    /// <summary>As the other, of a list that is read as far as it is wanted.</summary>
    public async Task<Page<T>> OfAsync<T>(IAsyncEnumerable<(string Key, T Item)> items, int largest = ApiLimits.LargestPage)
    {
        var take = Take(largest);
        var found = new List<(string Key, T Item)>();
        await foreach (var item in items)
        {
            if (IsAfter(item.Key))
            {
                found.Add(item);
            }

            if (found.Count > take)
            {
                break;
            }
        }

        return PageOf(found, take);
    }

    /// <summary>How many items the page has at most.</summary>
    public int Take(int largest)
    {
        var take = Limit ?? Math.Min(ApiLimits.UsualPage, largest);
        return take >= 1 && take <= largest ? take : throw RequestFault.Invalid($"limit: {take} is not between 1 and {largest}.");
    }

    /// <summary>The cursor of the page after a key.</summary>
    public static string CursorOf(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>What is said of a cursor that is none.</summary>
    public static RequestFault NoCursor(string cursor) => RequestFault.Invalid($"cursor: '{cursor}' is not the `next` of a page of this list.");

    private static Page<T> PageOf<T>(List<(string Key, T Item)> found, int take) =>
        new([.. found.Take(take).Select(item => item.Item)], found.Count > take ? CursorOf(found[take - 1].Key) : null);

    private bool IsAfter(string key) => After is null || string.CompareOrdinal(key, After) > 0;

    private static string Decode(string cursor)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(cursor));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw NoCursor(cursor);
        }
    }
}

/// <summary>Keys of lists that are ordered by numbers: they rise as text does.</summary>
internal static class PageKey
{
    public static string Rising(long number) => $"{number:D19}";

    public static string Falling(long number) => $"{long.MaxValue - number:D19}";
}
