namespace SlungOrleans.Corpora.Tests.Synthetic;

public sealed class RandomStreamTests
{
    [Fact]
    public void Next_EmptyKey_IsSplitMix64()
    {
        // The first outputs of SplitMix64 from state 0, as of its authors' splitmix64.c (prng.di.unimi.it).
        var random = new RandomStream();

        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC],
            new[] { random.Next(), random.Next(), random.Next(), random.Next() });
    }

    [Fact]
    public void Next_KeysThatDifferInOnePart_ShareNoOutput()
    {
        int[][] keys = [[1, 2, 3], [1, 2, 4], [1, 3, 3], [2, 2, 3], [1, 2], [3, 2, 1], [1, 2, 3, 0], [-1, 2, 3]];

        var outputs = keys.SelectMany(key =>
        {
            var random = new RandomStream(key);
            return Enumerable.Range(0, 1000).Select(_ => random.Next()).ToArray();
        }).ToList();

        Assert.Equal(outputs.Count, outputs.Distinct().Count());
    }

    [Fact]
    public void Below_ManyDraws_AreUniform()
    {
        var random = new RandomStream(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.Below(7)]++;
        }

        // Chi-squared with 6 degrees of freedom: above 33 in one of 100,000 cases.
        Assert.InRange(counts.Sum(c => (c - 10_000.0) * (c - 10_000) / 10_000), 0, 33);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.25, 2300, 2700)]
    [InlineData(1, 10_000, 10_000)]
    public void Chance_ManyDraws_HoldsAsOftenAsSaid(double probability, int fewest, int most)
    {
        var random = new RandomStream(2);

        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => random.Chance(probability)), fewest, most);
    }
}
