namespace SlungOrleans.Contracts;

/// <summary>How a run is trained.</summary>
[GenerateSerializer, Alias("training-specification")]
public sealed record TrainingSpecification
{
    /// <summary>Optimizer steps.</summary>
    [Id(0)] public int Steps { get; init; } = 1000;

    /// <summary>Sequences per step.</summary>
    [Id(1)] public int BatchSize { get; init; } = 16;

    /// <summary>Peak learning rate.</summary>
    [Id(2)] public double LearningRate { get; init; } = 3e-3;

    /// <summary>Steps of linear warm-up.</summary>
    [Id(3)] public int WarmUpSteps { get; init; } = 50;

    /// <summary><c>cosine</c> or <c>constant</c>.</summary>
    [Id(4)] public string Schedule { get; init; } = "cosine";

    /// <summary>The cosine ends at this share of the peak rate.</summary>
    [Id(5)] public double FinalLearningRateShare { get; init; } = 0.1;

    /// <summary>AdamW's decay, on matrices only.</summary>
    [Id(6)] public double WeightDecay { get; init; } = 0.1;

    /// <summary>AdamW's beta 1.</summary>
    [Id(7)] public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's beta 2.</summary>
    [Id(8)] public double Beta2 { get; init; } = 0.95;

    /// <summary>AdamW's epsilon.</summary>
    [Id(9)] public double Epsilon { get; init; } = 1e-8;

    /// <summary>Largest global gradient norm.</summary>
    [Id(10)] public double ClipNorm { get; init; } = 1.0;

    /// <summary>Steps between checkpoints.</summary>
    [Id(11)] public int CheckpointEvery { get; init; } = 200;

    /// <summary>Which checkpoints are kept.</summary>
    [Id(12)] public RetentionSpecification Retention { get; init; } = new();

    /// <summary>Whether attention reaches across the documents that are packed in a sequence, as in the paper.</summary>
    [Id(13)] public bool AttendAcrossDocuments { get; init; } = true;
}

/// <summary>Which of a run's checkpoints are kept; the newest, pinned ones and those in use always are.</summary>
[GenerateSerializer, Alias("retention-specification")]
public sealed record RetentionSpecification
{
    /// <summary>How many of the latest; at least 1.</summary>
    [Id(0)] public int Latest { get; init; } = 2;

    /// <summary>Those whose step is a multiple of this; 0 for none.</summary>
    [Id(1)] public long EverySteps { get; init; }

    /// <summary>How many of those with the lowest loss.</summary>
    [Id(2)] public int Best { get; init; }

    /// <summary>Bytes that a run's checkpoints may take up; null for any.</summary>
    [Id(3)] public long? BudgetBytes { get; init; }
}
