namespace SlungOrleans.Corpora.Tests.Arms;

public sealed class KeyedPermutationTests
{
    [Fact]
    public void Of_SeedAndPurpose_NameTheOrder()
    {
        Assert.Equal(KeyedPermutation.Of(100, 1, "a"), KeyedPermutation.Of(100, 1, "a"));
        Assert.NotEqual(KeyedPermutation.Of(100, 1, "a"), KeyedPermutation.Of(100, 2, "a"));
        Assert.NotEqual(KeyedPermutation.Of(100, 1, "a"), KeyedPermutation.Of(100, 1, "b"));
        Assert.Equal(Enumerable.Range(0, 100), KeyedPermutation.Of(100, 1, "a").Order());
        Assert.Empty(KeyedPermutation.Of(0, 1, "a"));
    }

    [Fact]
    public void Of_ManySeeds_EveryOrderIsAboutAsFrequent()
    {
        var counts = Enumerable.Range(0, 24_000).GroupBy(seed => string.Concat(KeyedPermutation.Of(4, seed, "x"))).Select(group => group.Count()).ToList();

        // 24 orders, 1,000 expected of each, standard deviation 31.
        Assert.Equal(24, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
