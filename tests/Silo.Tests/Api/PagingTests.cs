using System.Collections.Immutable;
using SlungOrleans.Silo.Api;

namespace SlungOrleans.Silo.Tests.Api;

/// <summary>Pages of a list that changes while it is read.</summary>
public sealed class PagingTests
{
    [Fact]
    public void Pages_ItemsAddedAndGoneBetweenThem_HaveNothingTwiceAndAllThatStayed()
    {
        var list = Enumerable.Range(0, 100).Select(number => number * 10L).ToList();
        var read = new List<long>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = new PageQuery(7, cursor).Of(list.Order(), PageKey.Rising);
            read.AddRange(page.Items);
            cursor = page.Next;

            // Before and after the place of reading, and what the page ended with.
            list.Remove(page.Items[^1]);
            list.Add(page.Items[0] - 1);
            list.Add(page.Items[^1] + 1);
            pages++;
        }
        while (cursor is not null && pages < 1000);

        Assert.Distinct(read);
        Assert.Empty(Enumerable.Range(0, 100).Select(number => number * 10L).Except(read));
        Assert.Equal(read.Order(), read);
    }

    [Fact]
    public void Page_OfExactlyItsSize_IsTheLast() => Assert.Equal((3, null), Read(new PageQuery(3), 1, 2, 3));

    [Fact]
    public void Page_OfNothing_IsEmptyAndTheLast() => Assert.Equal((0, null), Read(new PageQuery()));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Page_WithALimitOutOfRange_IsRefused(int limit)
    {
        var fault = Assert.Throws<RequestFault>(() => Read(new PageQuery(limit), 1));

        Assert.Equal((FaultKind.Invalid, $"limit: {limit} is not between 1 and 1000."), (fault.Kind, fault.Message));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_w")]
    public void Cursor_ThatIsNone_IsRefused(string cursor) => Assert.Equal(FaultKind.Invalid, Assert.Throws<RequestFault>(() => new PageQuery(1, cursor)).Kind);

    [Fact]
    public void Keys_OfNumbers_AreInTheOrderOfTheNumbers()
    {
        long[] numbers = [0, 1, 9, 10, 99, 100, long.MaxValue];

        Assert.Equal(numbers.Select(PageKey.Rising).Order(StringComparer.Ordinal), numbers.Select(PageKey.Rising));
        Assert.Equal(numbers.Select(PageKey.Falling).OrderDescending(StringComparer.Ordinal), numbers.Select(PageKey.Falling));
    }

    private static (int Count, string? Next) Read(PageQuery query, params long[] numbers)
    {
        var page = query.Of(numbers.ToImmutableArray(), PageKey.Rising);
        return (page.Items.Length, page.Next);
    }
}
