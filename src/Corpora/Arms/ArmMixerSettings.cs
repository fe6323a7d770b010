namespace SlungOrleans.Corpora;

/// <summary>What all arms of a study have in common.</summary>
public sealed record ArmMixerSettings
{
    /// <summary>How many sequences every arm has, 1 or more.</summary>
    public required int Sequences { get; init; }

    /// <summary>Tokens in a sequence, 1 or more.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>The seeds of all replicates, distinct: as many disjoint parts the pool is split into.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>How labels come from scores, and which spans the filtered text lacks.</summary>
    public RiskThresholds Thresholds { get; init; } = RiskThresholds.Default;

    /// <summary>Where documents of the pool are cut into pieces.</summary>
    public SpanCutting Cutting { get; init; } = SpanCutting.ExactSpans;

    /// <summary>The label of end-of-text tokens.</summary>
    public RiskLabel EndOfTextLabel { get; init; } = RiskLabel.Benign;
}
