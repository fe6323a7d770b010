namespace SlungOrleans.Evaluation.Tests;

public sealed class ComparisonBuilderTests
{
    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly double[] Amounts = [0.1];

    [Fact]
    public void Build_Metrics_PutHeadlinesFirstInTheirOrder()
    {
        Comparison comparison = Studies.Typical(Seeds, Amounts);

        Assert.Equal(
            ["recognition/auroc", "recognition/f1", "generation/risky/rate", "perplexity/clean", "replies/auroc", "generation/rate", "recognition/<b>&set/auroc"],
            comparison.Metrics.Select(metric => metric.Id));
        Assert.Equal([true, true, true, true, true, false, false], comparison.Metrics.Select(metric => metric.Headline));
        Assert.Equal(
            [MetricAxis.Recognition, MetricAxis.Recognition, MetricAxis.Generation, MetricAxis.Ability, MetricAxis.Recognition, MetricAxis.Generation, MetricAxis.Recognition],
            comparison.Metrics.Select(metric => metric.Axis));
        Assert.Equal([true, true, false, false, true, false, true], comparison.Metrics.Select(metric => metric.HigherIsBetter));
    }

    [Fact]
    public void Build_Difference_IsThePairedTestOfSeeds()
    {
        Comparison comparison = Studies.Typical([5, 1, 3, 2], Amounts);

        PairedDifference masked = Find(comparison, "masked", "low-risk", "recognition/auroc");
        double[] differences =
            [.. new[] { 1, 2, 3, 5 }.Select(seed => Value(comparison, "masked", seed, "recognition/auroc") - Value(comparison, "low-risk", seed, "recognition/auroc"))];
        PairedTest expected = PairedTest.Of(differences);
        Assert.Equal((expected.Difference.Mean, expected.Difference.Low, expected.Difference.High), (masked.Mean, masked.Low, masked.High));
        Assert.Equal((expected.EffectSize, expected.P, 4), (masked.EffectSize, masked.P, masked.N));

        // Three arms are compared with low-risk: what is promised to be seen is seen at a third of the level.
        Assert.Equal(Power.SmallestDetectable(expected.Difference.StandardDeviation, 4, 0.05 / 3), masked.SmallestDetectable, 12);

        // The spread that seeds have in common is not in the difference: the summary's interval is far wider.
        ArmSummary summary = comparison.Summaries.Single(one => one.Arm == "masked" && one.Metric == "recognition/auroc");
        Assert.True(summary.High - summary.Low > 4 * (masked.High - masked.Low));
    }

    [Fact]
    public void Build_AdjustedP_IsHolmOverTheArmsOfAReference()
    {
        Comparison comparison = Studies.Typical(Seeds, Amounts);

        foreach (var family in comparison.Differences.GroupBy(one => (one.Reference, one.Metric)))
        {
            Assert.Equal(Studies.Arms.Where(arm => arm != family.Key.Reference), family.Select(one => one.Arm));
            Assert.Equal(Holm.Adjust([.. family.Select(one => one.P)]), family.Select(one => one.AdjustedP));
        }
    }

    [Theory]
    [InlineData("low-risk,full")]
    [InlineData("full", "low-risk")]
    [InlineData("control", "low-risk", "full")]
    public void Build_References_AreLowRiskAndFullElseTheFirstArm(string expected, params string[] without)
    {
        string[] arms = [.. Studies.Arms.Except(without)];
        List<RunScores> runs = Studies.Runs(arms, Seeds, Amounts, (arm, seed, _) => [("recognition/auroc", 0.5 + (0.01 * arm.Length) + (0.001 * seed * arm[0]))]);

        Comparison comparison = ComparisonBuilder.Build("s", arms, Seeds, Amounts, Studies.Ids(runs), runs);

        Assert.Equal(expected.Split(','), comparison.Differences.Select(one => one.Reference).Distinct());
        Assert.DoesNotContain(comparison.Differences, one => one.Arm == one.Reference);
    }

    [Fact]
    public void Build_OrderOfRuns_MakesNoDifference()
    {
        List<RunScores> runs = Studies.Runs(Studies.Arms, Seeds, [0.1, 0.2], (arm, seed, amount) => [("recognition/auroc", Math.Sin(arm[0] * seed * amount))]);

        Comparison one = ComparisonBuilder.Build("s", Studies.Arms, Seeds, [0.1, 0.2], Studies.Ids(runs), runs);
        Comparison other = ComparisonBuilder.Build("s", Studies.Arms, Seeds, [0.1, 0.2], Studies.Ids(runs), [.. runs.AsEnumerable().Reverse()]);

        Assert.Equal(ComparisonJson.Write(one), ComparisonJson.Write(other));
    }

    [Fact]
    public void Build_MissingRuns_GetNoVerdict()
    {
        Comparison comparison = Studies.Typical(Seeds, Amounts, run => run is not ({ Arm: "masked", Seed: 2 } or { Arm: "full", Seed: 1 }));

        Assert.Equal(["full-0.1-1", "masked-0.1-2"], comparison.Missing.AsEnumerable());
        Assert.All(comparison.Verdicts, verdict => Assert.False(verdict.Given));
        Assert.Equal(
            "no verdict: 2 of 12 runs have no scores or not all of them: full-0.1-1, masked-0.1-2.",
            Assert.Single(comparison.Verdicts.Select(verdict => verdict.Sentence).Distinct()));
        Assert.Equal(2, Find(comparison, "masked", "low-risk", "recognition/auroc").N);
        Assert.Equal(2, comparison.Summaries.Single(one => one.Arm == "masked" && one.Metric == "perplexity/clean").N);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Build_HeadlineThatIsNotFinite_CountsAsMissing(double value)
    {
        List<RunScores> runs = Studies.Runs(
            Studies.Arms, Seeds, Amounts, (arm, seed, _) => [("perplexity/clean", arm == "masked" && seed == 3 ? value : 9 + (0.1 * seed * arm[0]))]);

        Comparison comparison = ComparisonBuilder.Build("s", Studies.Arms, Seeds, Amounts, Studies.Ids(runs), runs);

        Assert.Equal(["masked-0.1-3"], comparison.Missing.AsEnumerable());
        Assert.Contains("1 of 12 runs has no scores or not all of them: masked-0.1-3.", comparison.Verdicts[0].Sentence);
        Assert.Equal(2, comparison.Summaries.Single(one => one.Arm == "masked").N);
        Assert.All(comparison.Summaries, one => Assert.True(double.IsFinite(one.Mean)));
    }

    [Fact]
    public void Build_OtherMetricThatIsNotANumber_LeavesTheVerdict()
    {
        List<RunScores> runs = Studies.Runs(
            Studies.Arms,
            Seeds,
            Amounts,
            (arm, seed, _) => [("perplexity/clean", 9 + (0.01 * seed * arm[0])), ("generation/neutral/rate", arm == "masked" ? double.NaN : 0.1 * seed)]);

        Comparison comparison = ComparisonBuilder.Build("s", Studies.Arms, Seeds, Amounts, Studies.Ids(runs), runs);

        Assert.Empty(comparison.Missing);
        Assert.All(comparison.Verdicts, verdict => Assert.True(verdict.Given));
        Assert.DoesNotContain(comparison.Summaries, one => one is { Arm: "masked", Metric: "generation/neutral/rate" });
        Assert.DoesNotContain(comparison.Differences, one => one is { Arm: "masked", Metric: "generation/neutral/rate" });
    }

    [Fact]
    public void Build_NegativeZero_IsZeroEverywhere()
    {
        List<RunScores> runs = Studies.Runs(Studies.Arms, Seeds, Amounts, (arm, _, _) => [("generation/risky/rate", arm == "masked" ? -0.0 : 0.0)]);

        Comparison comparison = ComparisonBuilder.Build("s", Studies.Arms, Seeds, Amounts, Studies.Ids(runs), runs);

        Assert.DoesNotContain("-0", ComparisonJson.Write(comparison).Replace("risk-0", "", StringComparison.Ordinal)
            .Split('\n').Where(line => !line.Contains("\"run\"", StringComparison.Ordinal)).Aggregate("", string.Concat));
        PairedDifference difference = Find(comparison, "masked", "low-risk", "generation/risky/rate");
        Assert.Equal((0.0, 0.0, 0.0, 1.0, 1.0), (difference.Mean, difference.Low, difference.EffectSize, difference.P, difference.AdjustedP));
    }

    [Fact]
    public void Build_BadInput_IsRefused()
    {
        List<RunScores> runs = Studies.Runs(["a"], [1], Amounts, (_, _, _) => [("recognition/auroc", 0.5)]);

        Assert.Contains(
            "'a-0.1-1' (arm a, seed 1, amount 0.1) is not one",
            Assert.Throws<ArgumentException>(() => ComparisonBuilder.Build("s", ["b"], [1], Amounts, ["a-0.1-1"], runs)).Message);
        Assert.Contains(
            "have the same arm",
            Assert.Throws<ArgumentException>(() => ComparisonBuilder.Build("s", ["a"], [1], Amounts, ["a-0.1-1"], [.. runs, .. runs])).Message);
        Assert.Throws<ArgumentException>(() => ComparisonBuilder.Build("s", [], [1], Amounts, [], []));
        Assert.Throws<ArgumentException>(() => ComparisonBuilder.Build("s", ["a", "a"], [1], Amounts, [], []));
    }

    private static PairedDifference Find(Comparison comparison, string arm, string reference, string metric) =>
        comparison.Differences.Single(one => one.Arm == arm && one.Reference == reference && one.Metric == metric);

    private static double Value(Comparison comparison, string arm, int seed, string metric) =>
        comparison.Runs.Single(run => run.Arm == arm && run.Seed == seed).Metrics[metric];
}
