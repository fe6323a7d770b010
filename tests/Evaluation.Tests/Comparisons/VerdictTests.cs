namespace SlungOrleans.Evaluation.Tests;

public sealed class VerdictTests
{
    private static readonly string[] Arms = ["low-risk", "masked"];
    private static readonly int[] Seeds = [1, 2, 3];

    [Fact]
    public void Sentence_WhatIsSeenAndWhatIsNot_AreToldApart()
    {
        // Differences: AUROC 0.11, 0.12, 0.13; rate -0.01, 0, 0.01; perplexity 0.4, 0.5, 0.6.
        Verdict verdict = Verdict(
            ("recognition/auroc", 0.7, [0.11, 0.12, 0.13]), ("generation/risky/rate", 0.05, [-0.01, 0, 0.01]), ("perplexity/clean", 9, [0.4, 0.5, 0.6]));

        Assert.True(verdict.Given);

        // Half widths are 4.303 · 0.01 / √3 = 0.025 and ten times that; smallest detectable is 3.264 · 0.01.
        Assert.Equal(
            "masked against low-risk: recognises better (AUROC +0.120, 95 % +0.095 to +0.145) and predicts clean text worse (perplexity +0.50, 95 % +0.25 to +0.75); "
            + "no difference could be seen in generation (risky rate +0.000, 95 % -0.025 to +0.025; 3 seeds could have seen 0.033).",
            verdict.Sentence);
    }

    [Fact]
    public void Sentence_LessGenerationAndWorseRecognition_AreNamedByDirection()
    {
        Verdict verdict = Verdict(
            ("recognition/auroc", 0.7, [-0.11, -0.12, -0.13]), ("generation/risky/rate", 0.5, [-0.21, -0.2, -0.19]), ("perplexity/clean", 9, [-0.4, -0.5, -0.6]));

        Assert.Contains("recognises worse (AUROC -0.120", verdict.Sentence);
        Assert.Contains("generates less (risky rate -0.200", verdict.Sentence);
        Assert.Contains("predicts clean text better (perplexity -0.50", verdict.Sentence);
        Assert.DoesNotContain("no difference", verdict.Sentence);
    }

    [Fact]
    public void Sentence_SecondMetricThatContradicts_IsNamed()
    {
        Verdict verdict = Verdict(("recognition/auroc", 0.7, [0.01, -0.02, 0.01]), ("recognition/f1", 0.6, [-0.11, -0.1, -0.09]));

        Assert.Contains("is worse in F1 -0.100", verdict.Sentence);
        Assert.Contains("no difference could be seen in recognition (AUROC", verdict.Sentence);
    }

    [Fact]
    public void Sentence_SeenOnlyBeforeTheCorrection_SaysBoth()
    {
        // Three arms against low-risk; only masked differs, with P between 0.05 / 3 and 0.05.
        string[] arms = ["low-risk", "a", "b", "masked"];
        double[] masked = [0.08, 0.12, 0.15];
        double[] noise = [0.05, -0.06, 0.02];
        List<RunScores> runs = Studies.Runs(
            arms, Seeds, [0.1], (arm, seed, _) => [("recognition/auroc", arm == "masked" ? 0.7 + masked[seed - 1] : arm == "low-risk" ? 0.7 : 0.7 + noise[seed - 1])]);

        Comparison comparison = ComparisonBuilder.Build("s", arms, Seeds, [0.1], Studies.Ids(runs), runs);

        PairedDifference difference = comparison.Differences.Single(one => one.Arm == "masked");
        Assert.True(difference.P < 0.05 && difference.AdjustedP > 0.05);
        Assert.Equal(
            "masked against low-risk: no difference could be seen in recognition (AUROC +0.117, 95 % +0.029 to +0.204; P 0.029, but 0.087 corrected for 3 comparisons).",
            comparison.Verdicts[^1].Sentence);
    }

    [Fact]
    public void Sentence_NoSpread_DoesNotClaimPrecision()
    {
        Verdict verdict = Verdict(("generation/risky/rate", 0, [0, 0, 0]));

        Assert.Equal(
            "masked against low-risk: no difference could be seen in generation (risky rate +0.000, 95 % +0.000 to +0.000; all 3 seeds differ equally, so what they could have seen is not known).",
            verdict.Sentence);
    }

    [Fact]
    public void Sentence_SeedsThatAllDifferEqually_ClaimsNothing()
    {
        Verdict verdict = Verdict(("recognition/auroc", 0.7, [0.11, 0.12, 0.13]), ("generation/risky/rate", 0.1, [0.0004, 0.0004, 0.0004]));

        Assert.Equal(
            "masked against low-risk: recognises better (AUROC +0.120, 95 % +0.095 to +0.145); "
            + "could not be tested in generation (risky rate +0.000 in all 3 seeds, which leaves no spread to test with).",
            verdict.Sentence);
    }

    [Fact]
    public void Sentence_WhatCouldHaveBeenSeen_IsThatAfterTheCorrection()
    {
        // Four arms against low-risk, whose differences have a standard deviation of 0.01: scipy has 6.546 of it at 0.05 / 4, and 3.264 at 0.05.
        string[] arms = ["low-risk", "a", "b", "c", "masked"];
        List<RunScores> runs = Studies.Runs(
            arms, Seeds, [0.1], (arm, seed, _) => [("recognition/auroc", 0.7 + (arm == "low-risk" ? 0 : 0.01 * (seed - 2)))]);

        Comparison comparison = ComparisonBuilder.Build("s", arms, Seeds, [0.1], Studies.Ids(runs), runs);

        Assert.Contains("3 seeds could have seen 0.065)", comparison.Verdicts[^1].Sentence);
    }

    [Fact]
    public void Sentence_OneSeed_HasMeansAndNoVerdict()
    {
        Comparison comparison = Compare([1], ("recognition/auroc", 0.7, [0.12]), ("perplexity/clean", 9, [-0.25]));

        Assert.Equal(
            new Verdict("masked", 0.1, false, "no verdict: 1 seed gives no intervals; masked minus low-risk: AUROC +0.120, perplexity -0.25."), comparison.Verdicts[1]);
        Assert.All(comparison.Differences, one => Assert.All([one.Low, one.High, one.P, one.EffectSize], value => Assert.Equal(double.NaN, value)));
        Assert.All(comparison.Summaries, one => Assert.Equal((double.NaN, double.NaN, 1), (one.Low, one.High, one.N)));
    }

    [Fact]
    public void Sentence_OnlyReference_SaysSo()
    {
        Comparison comparison = Compare(Seeds, ("recognition/auroc", 0.7, [0.1, 0.2, 0.3]));

        Assert.Equal(
            new Verdict("low-risk", 0.1, false, "no verdict: low-risk is the reference, and there is no other one to compare it with."), comparison.Verdicts[0]);
    }

    [Fact]
    public void Sentence_NoHeadlineMetric_SaysSo()
    {
        Comparison comparison = Compare(Seeds, ("generation/rate", 0.7, [0.1, 0.2, 0.3]));

        Assert.All(comparison.Verdicts, verdict => Assert.Equal((false, "no verdict: no headline metric was measured."), (verdict.Given, verdict.Sentence)));
    }

    [Fact]
    public void Sentence_TwoReferences_HasAPartForEach()
    {
        Comparison comparison = Studies.Typical(Seeds, [0.1]);

        Assert.Equal(Studies.Arms, comparison.Verdicts.Select(verdict => verdict.Arm));
        Assert.Matches(
            "^masked against low-risk: recognises better .*; no difference could be seen in generation .*\\. Against full: recognises better .* and generates less .*\\.$",
            comparison.Verdicts[3].Sentence);
        Assert.StartsWith("full against low-risk: recognises better", comparison.Verdicts[2].Sentence);
        Assert.DoesNotContain("Against full", comparison.Verdicts[2].Sentence);
    }

    [Fact]
    public void Sentence_NoRiskyPrompts_RestsOnProbability()
    {
        Verdict verdict = Verdict(("generation/probability", 0.2, [0.1, 0.11, 0.12]), ("generation/rate", 0.2, [0.1, 0.11, 0.12]));

        Assert.Contains("generates more (toxic probability +0.110", verdict.Sentence);
    }

    [Fact]
    public void Sentence_ManyMissing_NamesFive()
    {
        Comparison comparison = Studies.Typical(Seeds, [0.1], run => run.Arm == "full");

        Assert.Equal(
            "no verdict: 9 of 12 runs have no scores or not all of them: control-0.1-1, control-0.1-2, control-0.1-3, low-risk-0.1-1, low-risk-0.1-2 and 4 more.",
            comparison.Verdicts[0].Sentence);
    }

    private static Verdict Verdict(params (string Metric, double Base, double[] Differences)[] metrics) => Compare(Seeds, metrics).Verdicts[1];

    private static Comparison Compare(int[] seeds, params (string Metric, double Base, double[] Differences)[] metrics)
    {
        List<RunScores> runs = Studies.Runs(
            Arms, seeds, [0.1], (arm, seed, _) => [.. metrics.Select(metric => (metric.Metric, metric.Base + (arm == "masked" ? metric.Differences[seed - 1] : 0)))]);
        return ComparisonBuilder.Build("s", Arms, seeds, [0.1], Studies.Ids(runs), runs);
    }
}
