using System.Globalization;

namespace SlungOrleans.Training;

/// <summary>How a model is trained.</summary>
public sealed record TrainingSettings
{
    /// <summary>Optimizer steps; at least 1.</summary>
    public required int Steps { get; init; }

    /// <summary>Sequences per step; at least 1.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The peak learning rate; above 0.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Steps of linear warm-up; 0 to <see cref="Steps"/>.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Steps that the schedule spans, up to <see cref="Steps"/>; null for all. After these the rate stays where the schedule ends.</summary>
    public int? ScheduleSteps { get; init; }

    /// <summary>How the learning rate goes on.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>The cosine ends at this share of the peak; 0 to 1.</summary>
    public double FinalLearningRateShare { get; init; } = 0.1;

    /// <summary>The optimizer's settings.</summary>
    public AdamWSettings AdamW { get; init; } = new();

    /// <summary>The largest global norm of the gradients; above 0.</summary>
    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Whether attention reaches across the documents that are packed in a sequence, as in the paper's runs.</summary>
    public bool AttendAcrossDocuments { get; init; } = true;

    /// <summary>Steps between checkpoints; at least 1. Does not change what is trained.</summary>
    public int CheckpointEvery { get; init; } = 200;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step, 1 to <see cref="Steps"/>.</param>
    public double LearningRateAt(long step) => Schedule == ScheduleKind.Constant
        ? LearningRateSchedule.Constant(step, LearningRate, WarmUpSteps)
        : LearningRateSchedule.Cosine(Math.Min(step, Span), LearningRate, WarmUpSteps, Span, FinalLearningRateShare);

    /// <summary>What the numbers depend on, instead of the number of steps: the same for a run and for the one that continues it.</summary>
    internal int Span => ScheduleSteps ?? Steps;

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of its range; the message names every fault.</exception>
    public void Validate()
    {
        IReadOnlyList<string> faults = FindFaults();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The training settings cannot be used: {string.Join("; ", faults)}.");
        }
    }

    /// <summary>Everything that is out of its range, each in a few words that begin with the setting's name.</summary>
    public IReadOnlyList<string> FindFaults()
    {
        List<string> faults = [];
        Require(Steps >= 1, nameof(Steps), Steps, "at least 1");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Require(double.IsFinite(LearningRate) && LearningRate > 0, nameof(LearningRate), LearningRate, "above 0");
        Require(ScheduleSteps is null || (ScheduleSteps >= 1 && ScheduleSteps <= Steps), nameof(ScheduleSteps), ScheduleSteps ?? 0, "1 to the number of steps");
        Require(WarmUpSteps >= 0 && WarmUpSteps <= Span, nameof(WarmUpSteps), WarmUpSteps, ScheduleSteps is null ? "0 to the number of steps" : "0 to the steps of the schedule");
        Require(Enum.IsDefined(Schedule), nameof(Schedule), (double)Schedule, "cosine or constant");
        Require(FinalLearningRateShare is >= 0 and <= 1, nameof(FinalLearningRateShare), FinalLearningRateShare, "0 to 1");
        Require(AdamW.Beta1 is >= 0 and < 1, nameof(AdamW.Beta1), AdamW.Beta1, "0 to below 1");
        Require(AdamW.Beta2 is >= 0 and < 1, nameof(AdamW.Beta2), AdamW.Beta2, "0 to below 1");
        Require(double.IsFinite(AdamW.Epsilon) && AdamW.Epsilon > 0, nameof(AdamW.Epsilon), AdamW.Epsilon, "above 0");
        Require(double.IsFinite(AdamW.WeightDecay) && AdamW.WeightDecay >= 0, nameof(AdamW.WeightDecay), AdamW.WeightDecay, "at least 0");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        Require(CheckpointEvery >= 1, nameof(CheckpointEvery), CheckpointEvery, "at least 1");
        return faults;

        void Require(bool holds, string setting, double found, string expected)
        {
            if (!holds)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{setting} is {found}, expected {expected}"));
            }
        }
    }
}
