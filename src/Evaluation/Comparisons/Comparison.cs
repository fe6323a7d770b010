using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>What one run scored.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Arm">Its arm.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Amount">Its amount of high-risk text.</param>
/// <param name="Metrics">Metric id to value.</param>
public sealed record RunScores(string Run, string Arm, int Seed, double Amount, ImmutableSortedDictionary<string, double> Metrics);

/// <summary>A study's comparison: what is known of every arm, and against which other. The replication unit is the seed.</summary>
public sealed record Comparison
{
    /// <summary>Version of this record's form.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>Arms, in the study's order.</summary>
    public required ImmutableArray<string> Arms { get; init; }

    /// <summary>Seeds.</summary>
    public required ImmutableArray<int> Seeds { get; init; }

    /// <summary>Amounts.</summary>
    public required ImmutableArray<double> Amounts { get; init; }

    /// <summary>Runs that have no scores; if there are any, there are no verdicts.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Metrics, headline ones first.</summary>
    public required ImmutableArray<MetricDescription> Metrics { get; init; }

    /// <summary>Every run's scores.</summary>
    public required ImmutableArray<RunScores> Runs { get; init; }

    /// <summary>Mean and interval of every arm, amount and metric.</summary>
    public required ImmutableArray<ArmSummary> Summaries { get; init; }

    /// <summary>Differences paired by seed.</summary>
    public required ImmutableArray<PairedDifference> Differences { get; init; }

    /// <summary>One sentence per arm and amount.</summary>
    public required ImmutableArray<Verdict> Verdicts { get; init; }
}

/// <summary>A metric.</summary>
/// <param name="Id">Its id, for example <c>recognition/auroc</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Axis">The question that it answers.</param>
/// <param name="HigherIsBetter">The direction.</param>
/// <param name="Headline">Whether verdicts rest on it.</param>
public sealed record MetricDescription(string Id, string Title, MetricAxis Axis, bool HigherIsBetter, bool Headline);

/// <summary>The question that a metric answers.</summary>
public enum MetricAxis
{
    /// <summary>Does the model recognise high-risk text?</summary>
    Recognition,

    /// <summary>Does it generate it?</summary>
    Generation,

    /// <summary>What is its general ability?</summary>
    Ability,
}

/// <summary>Mean and 95 % interval (Student's t over seeds) of one arm.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Metric">The metric's id.</param>
/// <param name="Mean">The mean over seeds.</param>
/// <param name="Low">Lower bound; not a number with fewer than two seeds.</param>
/// <param name="High">Upper bound; likewise.</param>
/// <param name="StandardDeviation">Over seeds; likewise.</param>
/// <param name="N">Seeds.</param>
public sealed record ArmSummary(string Arm, double Amount, string Metric, double Mean, double Low, double High, double StandardDeviation, int N);

/// <summary>An arm less a reference arm, paired by seed.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Reference">The reference arm.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Metric">The metric's id.</param>
/// <param name="Mean">Mean of the differences.</param>
/// <param name="Low">Lower bound of the 95 % interval (Student's t); not a number with fewer than two pairs.</param>
/// <param name="High">Upper bound; likewise.</param>
/// <param name="EffectSize">Mean over standard deviation of the differences (Cohen's d_z); likewise.</param>
/// <param name="P">Two-sided paired t test; likewise, and if all pairs differ by one value that is not 0.</param>
/// <param name="AdjustedP">After Holm's correction over the arms compared with the same reference in the same metric and amount.</param>
/// <param name="SmallestDetectable">The smallest true difference that would have been seen with power 0.8 at 0.05 divided by the tests that <paramref name="AdjustedP"/> is corrected for.</param>
/// <param name="N">Pairs.</param>
public sealed record PairedDifference(
    string Arm, string Reference, double Amount, string Metric, double Mean, double Low, double High, double EffectSize, double P, double AdjustedP, double SmallestDetectable, int N);

/// <summary>What can be said of an arm.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Given">Whether there is a verdict; if not, the sentence says why.</param>
/// <param name="Sentence">One sentence.</param>
public sealed record Verdict(string Arm, double Amount, bool Given, string Sentence);
