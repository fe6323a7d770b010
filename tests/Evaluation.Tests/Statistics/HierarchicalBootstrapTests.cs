namespace SlungOrleans.Evaluation.Tests;

public sealed class HierarchicalBootstrapTests
{
    [Fact]
    public void Interval_EqualInput_IsEqual()
    {
        double[][] values = Values(new Random(1), seeds: 4, items: 20, 1, 1);

        Assert.Equal(Interval(values, shared: true, seed: 5), Interval(values, shared: true, seed: 5));
        Assert.NotEqual(Interval(values, shared: true, seed: 5), Interval(values, shared: true, seed: 6));
    }

    [Fact]
    public void Interval_SeedsDifferItemsDoNot_HasWidthOfSeedsAlone()
    {
        // 8 seeds at 0 and 8 at 1: the mean of 16 draws is a binomial share, standard error 0.125.
        double[][] values = [.. Enumerable.Range(0, 16).Select(seed => Enumerable.Repeat(seed % 2 == 0 ? 0.0 : 1.0, 1000).ToArray())];

        (double low, double high) = Interval(values, shared: false, seed: 1);

        Assert.InRange(low, 0.5 - (1.96 * 0.125) - 0.04, 0.5 - (1.96 * 0.125) + 0.04);
        Assert.InRange(high, 0.5 + (1.96 * 0.125) - 0.04, 0.5 + (1.96 * 0.125) + 0.04);
    }

    [Fact]
    public void Interval_SharedItemsDiffer_DoesNotShrinkWithSeeds()
    {
        // Every seed has the same 100 item values: more seeds tell nothing more about items.
        double[] items = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 0.0 : 1.0)];
        double[][] values = [.. Enumerable.Repeat(items, 25)];

        (double low, double high) = Interval(values, shared: true, seed: 2);
        (double nestedLow, double nestedHigh) = Interval(values, shared: false, seed: 2);

        Assert.InRange(high - low, 2 * 1.96 * 0.05 * 0.9, 2 * 1.96 * 0.05 * 1.1);
        Assert.InRange(nestedHigh - nestedLow, 2 * 1.96 * 0.01 * 0.9, 2 * 1.96 * 0.01 * 1.1);
    }

    [Fact]
    public void Interval_BothSourcesOfChance_CoversTheTruth()
    {
        var random = new Random(7);
        const int Trials = 150;
        int covered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            (double low, double high) = Interval(Values(random, seeds: 20, items: 40, seedSpread: 1, itemSpread: 2), shared: true, (ulong)trial, 200);
            covered += low <= 0 && 0 <= high ? 1 : 0;
        }

        // The percentile bootstrap of 20 seeds is a little narrow; counting only items would cover about two thirds.
        Assert.InRange(covered / (double)Trials, 0.86, 0.99);
    }

    [Fact]
    public void Interval_OneSeed_IsNotANumber() =>
        Assert.Equal((double.NaN, double.NaN), HierarchicalBootstrap.Interval([3], (_, _) => 1, sharedItems: true));

    [Fact]
    public void Interval_UnequalSharedItems_AreRefused() =>
        Assert.Throws<ArgumentException>(() => HierarchicalBootstrap.Interval([3, 4], (_, _) => 1, sharedItems: true));

    private static (double Low, double High) Interval(double[][] values, bool shared, ulong seed, int resamples = 2000) =>
        HierarchicalBootstrap.Interval(
            [.. values.Select(items => items.Length)], (group, items) => items.Average(item => values[group][item]), shared, resamples, randomSeed: seed);

    private static double[][] Values(Random random, int seeds, int items, double seedSpread, double itemSpread)
    {
        double[] itemEffects = [.. Enumerable.Range(0, items).Select(_ => itemSpread * PairedTestTests.Gaussian(random))];
        return
        [
            .. Enumerable.Range(0, seeds).Select(_ =>
            {
                double effect = seedSpread * PairedTestTests.Gaussian(random);
                return itemEffects.Select(item => effect + item + PairedTestTests.Gaussian(random)).ToArray();
            }),
        ];
    }
}
