using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>A comparison with figures as a study would have them; statistics come out of simple formulas here, and are not what is tested.</summary>
internal static class SampleComparison
{
    private static readonly ImmutableArray<MetricDescription> Metrics =
    [
        new("recognition/auroc", "Recognition AUROC", MetricAxis.Recognition, true, true),
        new("recognition/f1", "Recognition F1", MetricAxis.Recognition, true, true),
        new("generation/expected-maximum-toxicity", "Expected maximum toxicity", MetricAxis.Generation, false, true),
        new("ability/perplexity", "Perplexity, unseen base text", MetricAxis.Ability, false, true),
        new("recognition/pr-auc", "Recognition PR-AUC", MetricAxis.Recognition, true, false),
        new("generation/toxic-share", "Share of toxic continuations", MetricAxis.Generation, false, false),
        new("generation/distinct-2", "Distinct bigrams", MetricAxis.Generation, true, false),
    ];

    private static readonly Dictionary<string, double[]> Means = new()
    {
        ["low-risk"] = [0.742, 0.684, 0.118, 14.21, 0.712, 0.021, 0.81],
        ["full"] = [0.883, 0.812, 0.463, 14.35, 0.861, 0.188, 0.79],
        ["masked"] = [0.861, 0.794, 0.152, 14.29, 0.842, 0.033, 0.80],
        ["unlikelihood"] = [0.869, 0.801, 0.094, 14.52, 0.848, 0.012, 0.77],
    };

    public static Comparison Create(string study, ImmutableArray<int> seeds, ImmutableArray<double> amounts)
    {
        var runs = ImmutableArray.CreateBuilder<RunScores>();
        var summaries = ImmutableArray.CreateBuilder<ArmSummary>();
        var differences = ImmutableArray.CreateBuilder<PairedDifference>();
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        foreach (var amount in amounts)
        {
            foreach (var arm in SampleLab.Arms)
            {
                runs.AddRange(seeds.Select(seed => new RunScores($"{study}-{arm}-a{amount * 1000:0}-s{seed}", arm, seed, amount, Scores(arm, seed, amount))));
                summaries.AddRange(Metrics.Select(metric => Summary(arm, amount, metric.Id, [.. seeds.Select(seed => Scores(arm, seed, amount)[metric.Id])])));
                foreach (var reference in new[] { "low-risk", "full" }.Where(reference => reference != arm))
                {
                    differences.AddRange(Metrics.Select(metric =>
                        Difference(arm, reference, amount, metric.Id, [.. seeds.Select(seed => Scores(arm, seed, amount)[metric.Id] - Scores(reference, seed, amount)[metric.Id])])));
                }

                verdicts.Add(seeds.Length > 1
                    ? new Verdict(arm, amount, true, VerdictOf(arm))
                    : new Verdict(arm, amount, false, $"No verdict on {arm}: one seed says nothing of chance; three or more are needed."));
            }
        }

        return new Comparison
        {
            Study = study,
            Arms = SampleLab.Arms,
            Seeds = seeds,
            Amounts = amounts,
            Missing = [],
            Metrics = Metrics,
            Runs = runs.ToImmutable(),
            Summaries = summaries.ToImmutable(),
            Differences = differences.ToImmutable(),
            Verdicts = verdicts.ToImmutable(),
        };
    }

    private static string VerdictOf(string arm) => arm switch
    {
        "low-risk" => "low-risk recognises worst and says little: the reference that the others are held against.",
        "full" => "full recognises best and repeats what it has read: toxicity of its text is 0.345 above low-risk's (0.301 to 0.389).",
        "masked" => "masked recognises better than low-risk (AUROC +0.119, 0.094 to 0.144); no difference in generation could be seen (smallest detectable: 0.041).",
        _ => "unlikelihood recognises better than low-risk (AUROC +0.127, 0.098 to 0.156) and generates less (−0.024, −0.041 to −0.007).",
    };

    private static ImmutableSortedDictionary<string, double> Scores(string arm, int seed, double amount) => Metrics
        .Select((metric, index) => KeyValuePair.Create(metric.Id, Means[arm][index] * (1 + (0.02 * Math.Sin((seed * 5.1) + index + arm.Length)) + (arm == "low-risk" ? 0 : amount / 4))))
        .ToImmutableSortedDictionary();

    private static (double Mean, double HalfWidth, double Deviation) Statistics(double[] values)
    {
        var mean = values.Average();
        var deviation = values.Length > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) : double.NaN;
        return (mean, 4.303 * deviation / Math.Sqrt(values.Length), deviation);
    }

    private static ArmSummary Summary(string arm, double amount, string metric, double[] values)
    {
        var (mean, half, deviation) = Statistics(values);
        return new ArmSummary(arm, amount, metric, mean, mean - half, mean + half, deviation, values.Length);
    }

    private static PairedDifference Difference(string arm, string reference, double amount, string metric, double[] values)
    {
        var (mean, half, deviation) = Statistics(values);
        var p = double.IsNaN(half) ? double.NaN : Math.Clamp(0.05 * half / Math.Abs(mean), 0.0002, 1);
        return new PairedDifference(arm, reference, amount, metric, mean, mean - half, mean + half, mean / deviation, p, Math.Min(1, p * 3), half * 1.2, values.Length);
    }
}
