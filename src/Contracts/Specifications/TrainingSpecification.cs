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

    /// <summary>
    /// Steps that the schedule of the learning rate spans; null for all of them. After these the rate stays where the schedule ends: at the peak
    /// if it is constant, else at the final share of it.
    /// </summary>
    [Id(14)] public int? ScheduleSteps { get; init; }

    /// <summary>Whether a run is verified at its end, as <c>run verify</c> does it. Costs the steps from the checkpoint before the last once more. Default: false.</summary>
    [Id(15)] public bool VerifyAtEnd { get; init; }

    /// <summary>Whether the embedding is among the matrices that decay. OLMo's code, and so the paper's runs, leave it out. Default: true.</summary>
    [Id(16)] public bool DecayEmbeddings { get; init; } = true;

    /// <summary>
    /// How products are computed: <c>single</c> or <c>bf16</c>, which devices of TorchSharp can; null for the silo's setting. Changes the numbers. Default: null.
    /// </summary>
    [Id(17)] public string? Precision { get; init; }

    /// <summary>
    /// Where runs are trained and evaluated: <c>cpu</c>, <c>cuda</c> or <c>torch:cpu</c>, or one device by its name, for example <c>cuda:1</c>; null for
    /// whichever device is free. Engines agree to rounding only, so arms to be compared want devices of one kind. Default: null.
    /// </summary>
    [Id(18)] public string? Device { get; init; }

    /// <summary>
    /// The same training with more steps, such that those there are stay to the bit what they are. The schedule keeps the span that it has
    /// (<see cref="ScheduleSteps"/>), so the added steps have the rate that it ends with; the data goes on in its order, epoch after epoch,
    /// without end. A run that is continued comes to the same bits as one that has had these settings from the beginning.
    /// </summary>
    /// <param name="steps">Steps in all.</param>
    /// <exception cref="LabException">These are fewer steps than there are, or the schedule has ended at a rate of zero.</exception>
    public TrainingSpecification ExtendTo(int steps)
    {
        if (steps < Steps)
        {
            throw new LabException($"There are {Steps} steps already; {steps} in all were asked for, and steps cannot be taken back.");
        }

        if (steps > Steps && Schedule != "constant" && FinalLearningRateShare == 0)
        {
            throw new LabException($"The learning rate has come down to zero at step {ScheduleSteps ?? Steps} (finalLearningRateShare is 0), so further steps would change nothing.");
        }

        return steps == Steps ? this : this with { Steps = steps, ScheduleSteps = ScheduleSteps ?? Steps };
    }
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
