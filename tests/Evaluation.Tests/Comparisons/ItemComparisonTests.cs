namespace SlungOrleans.Evaluation.Tests;

public sealed class ItemComparisonTests
{
    [Fact]
    public void Build_Rates_AreComparedOnTheSamePrompts()
    {
        // Each prompt has its own rate, the same in both arms but for 0.2 more in full.
        List<RunItems> runs = [.. from arm in new[] { "low-risk", "full" } from seed in Enumerable.Range(1, 8) select Generations(arm, seed, 60, arm == "full" ? 0.2 : 0)];

        ItemDifference difference = Assert.Single(ItemComparison.Build("generation/risky/rate", "low-risk", runs, resamples: 200));

        Assert.Equal(("full", "low-risk", 0.1, 8, 60), (difference.Arm, difference.Reference, difference.Amount, difference.Seeds, difference.Items));
        Assert.InRange(difference.Mean, 0.19, 0.21);
        Assert.InRange(difference.Low, 0.17, difference.Mean);
        Assert.InRange(difference.High, difference.Mean, 0.23);

        // Unpaired, the prompts' own spread alone (rates 0.1 to 0.7) would make the interval more than four times as wide.
        Assert.InRange(difference.High - difference.Low, 0.0, 0.05);
    }

    [Fact]
    public void Build_ItemsThatDiffer_WidenTheIntervalHoweverManySeeds()
    {
        // Full is toxic after every other prompt, always: nothing differs between seeds, and 60 prompts have a standard error of 0.5 / √60.
        List<RunItems> runs =
        [
            .. from arm in new[] { "low-risk", "full" }
               from seed in Enumerable.Range(1, 8)
               select Run(arm, seed, [.. Enumerable.Range(0, 60).Select(prompt => new GenerationItem($"p{prompt}", "risky", 0, "", "", arm == "full" ? prompt % 2 : 0, null))]),
        ];

        ItemDifference difference = Assert.Single(ItemComparison.Build("generation/risky/rate", "low-risk", runs, resamples: 1000));

        Assert.Equal(0.5, difference.Mean, 12);
        Assert.InRange(difference.High - difference.Low, 2 * 1.96 * 0.0645 * 0.85, 2 * 1.96 * 0.0645 * 1.15);
    }

    [Fact]
    public void Build_Recognition_IsTheDifferenceOfTheSuitesMetric()
    {
        List<RunItems> runs = [.. from arm in new[] { "a", "b" } from seed in new[] { 1, 2 } select Scores(arm, seed)];

        ItemDifference difference = Assert.Single(ItemComparison.Build("recognition/auroc", "a", runs, resamples: 200));

        double Auroc(RunItems run) => run.Items.Cast<RecognitionItem>()
            .GroupBy(item => item.Resample)
            .Average(items => Ranking.Auroc([.. items.Select(item => item.Score)], [.. items.Select(item => item.HighRisk)]));
        double expected = runs.Where(run => run.Arm == "b").Average(Auroc) - runs.Where(run => run.Arm == "a").Average(Auroc);
        Assert.Equal(expected, difference.Mean, 12);
        Assert.InRange(expected, 0.05, 0.5);
        Assert.True(difference.Low < expected && expected < difference.High);
    }

    [Fact]
    public void Build_PerplexityAndReplies_AreTheSuitesMetrics()
    {
        List<RunItems> perplexities =
            [.. from arm in new[] { "a", "b" } from seed in new[] { 1, 2 } select Run(arm, seed, new PerplexityItem("clean/0", "clean", 2, arm == "a" ? 2 : 4, 0, 0))];
        List<RunItems> replies =
            [.. from arm in new[] { "a", "b" } from seed in new[] { 1, 2 } select Run(arm, seed, new ReplyItem("x", true, arm == "a" ? -2 : -1, -1.5), new ReplyItem("y", null, -1, -1))];

        Assert.Equal(Math.Exp(2) - Math.Exp(1), ItemComparison.Build("perplexity/clean", "a", perplexities)[0].Mean, 12);
        Assert.Equal(0.75 - 0.25, ItemComparison.Build("replies/accuracy", "a", replies)[0].Mean, 12);
    }

    [Fact]
    public void Build_RunsInAnyOrder_ArePairedBySeed()
    {
        // Seeds differ by much, arms by 0.1 in every seed; the reference has a seed that the arm has not.
        RunItems Rate(string arm, int seed) => Run(
            arm,
            seed,
            [
                .. from number in Enumerable.Range(0, 100)
                   select new GenerationItem("p", "risky", number, "", "", number < (10 * seed) + (arm == "full" ? 10 : 0) ? 1 : 0, null),
            ]);
        List<RunItems> arm = [.. new[] { 1, 4, 6, 8 }.Select(seed => Rate("full", seed))];
        List<RunItems> reference = [.. new[] { 8, 6, 4, 2, 1 }.Select(seed => Rate("low-risk", seed))];

        ItemDifference difference = Assert.Single(ItemComparison.Build("generation/risky/rate", "low-risk", [.. arm, .. reference], resamples: 200));

        Assert.Equal(4, difference.Seeds);
        Assert.All([difference.Mean, difference.Low, difference.High], value => Assert.Equal(0.1, value, 12));
    }

    [Fact]
    public void Build_OrderOfRuns_MakesNoDifference()
    {
        List<RunItems> runs = [.. from arm in new[] { "a", "b" } from seed in new[] { 1, 2, 3 } select Scores(arm, seed)];

        Assert.Equal(
            Assert.Single(ItemComparison.Build("recognition/auroc", "a", runs, resamples: 100)),
            Assert.Single(ItemComparison.Build("recognition/auroc", "a", [.. runs.AsEnumerable().Reverse()], resamples: 100)));
    }

    [Fact]
    public void Build_DifferentItems_AreRefused()
    {
        List<RunItems> runs = [Generations("low-risk", 1, 10, 0), Generations("full", 1, 11, 0)];

        Assert.Contains(
            "the runs of full (seed 1) and low-risk (seed 1) were asked different items",
            Assert.Throws<EvaluationException>(() => ItemComparison.Build("generation/risky/rate", "low-risk", runs)).Message);
        Assert.Throws<EvaluationException>(() => ItemComparison.Build("generation/dist-1", "low-risk", runs));
    }

    private static RunItems Run(string arm, int seed, params SuiteItem[] items) => new(arm, seed, 0.1, [.. items]);

    private static RunItems Generations(string arm, int seed, int prompts, double more) => Run(
        arm,
        seed,
        [
            .. from prompt in Enumerable.Range(0, prompts)
               from number in Enumerable.Range(0, 10)
               let rate = 0.1 + (0.1 * (prompt % 7)) + more + (0.01 * Math.Sin(seed + prompt))
               select new GenerationItem($"p{prompt}", "risky", number, "", "", number < Math.Round(10 * rate) ? 1 : 0, null),
        ]);

    private static RunItems Scores(string arm, int seed)
    {
        var random = new Random(seed);
        return Run(
            arm,
            seed,
            [
                .. from resample in Enumerable.Range(0, 2)
                   from document in Enumerable.Range(0, 60)
                   let highRisk = document % 2 == 0
                   let shift = (arm == "b" ? 1.5 : 0.5) * (highRisk ? 1 : 0)
                   select new RecognitionItem($"d{document}", "set", resample, highRisk, shift + PairedTestTests.Gaussian(random)),
            ]);
    }
}
