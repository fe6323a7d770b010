namespace SlungOrleans.Training;

/// <summary>A run to be trained, or trained on.</summary>
public sealed record TrainingRequest
{
    /// <summary>The engine.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>The model.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>Which loss falls on which label.</summary>
    public required LossRouting Routing { get; init; }

    /// <summary>The packed data.</summary>
    public required ITokenSequences Data { get; init; }

    /// <summary>What the data is known by, such as the hash of the packed data set; a checkpoint made from other data is refused.</summary>
    public string DataName { get; init; } = "";

    /// <summary>Where the run's checkpoints are.</summary>
    public required CheckpointStore Checkpoints { get; init; }

    /// <summary>The attempt's epoch; attempts of lower epochs cannot commit any more.</summary>
    public required long Epoch { get; init; }

    /// <summary>The seed of the initial weights and of the data order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where the first weights come from; null for the seed's own.</summary>
    public TrainingStart? Start { get; init; }

    /// <summary>Threads of the engine. Does not change the numbers.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called once, before the first step, with the step of the checkpoint that the attempt goes on from; 0 if there is none.</summary>
    public Action<long>? OnResume { get; init; }

    /// <summary>Called after every step, on the loop's thread.</summary>
    public Action<StepMetrics>? OnStep { get; init; }

    /// <summary>Called before a checkpoint is committed, for what must not be lost once it is.</summary>
    public Action? BeforeCheckpoint { get; init; }

    /// <summary>Called after every committed checkpoint, on the loop's thread.</summary>
    public Action<CheckpointManifest>? OnCheckpoint { get; init; }

    /// <summary>Told what people should know: where the run goes on, which checkpoints were skipped and why.</summary>
    public Action<string>? OnNotice { get; init; }
}

/// <summary>First weights, and moments, that come from elsewhere than the seed.</summary>
/// <param name="Name">What they are known by, such as the hash of their files; a checkpoint that began with others is refused.</param>
/// <param name="Load">Copies them into the model, all weights and, if there are any, all moments. What it leaves as it is is the seed's: moments of zero.</param>
/// <param name="OptimizerSteps">Steps that the moments come from; 0 if there are none. AdamW's bias correction goes on from them; the schedule and the data do not.</param>
public sealed record TrainingStart(string Name, Action<ITrainableModel> Load, long OptimizerSteps = 0);

/// <summary>What a step showed.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">The loss that is minimised: both sums over the positions that bear a loss.</param>
/// <param name="CrossEntropyMean">Mean of -log p over the targets that bear cross-entropy; NaN if there are none.</param>
/// <param name="UnlikelihoodMean">Mean of -log(1-p) over the targets that bear unlikelihood; NaN if there are none.</param>
/// <param name="LearningRate">The step's rate.</param>
/// <param name="GradientNorm">The gradients' global norm before clipping.</param>
/// <param name="LossBearingShare">The share of the batch's tokens whose label bears a loss, 0 to 1.</param>
/// <param name="TokensPerSecond">The step's tokens over its wall-clock time, without its checkpoint.</param>
/// <param name="Tokens">Tokens trained on since step 1, those of earlier attempts included.</param>
public sealed record StepMetrics(
    long Step,
    double Loss,
    double CrossEntropyMean,
    double UnlikelihoodMean,
    double LearningRate,
    double GradientNorm,
    double LossBearingShare,
    double TokensPerSecond,
    long Tokens);

/// <summary>How an attempt ended.</summary>
public enum TrainingEnd
{
    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>It was asked to stop; the checkpoint holds what is done.</summary>
    Interrupted,
}

/// <summary>What an attempt came to.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Step">Steps done, those of earlier attempts included.</param>
/// <param name="FinalLoss">The loss of the last step; NaN before the first.</param>
/// <param name="WeightsHash">SHA-256 of the weights' file.</param>
/// <param name="LossHistoryHash">SHA-256 chained over the losses of all steps: equal for runs whose losses are equal to the bit.</param>
/// <param name="ResumedFrom">The step of the checkpoint that the attempt began with; 0 if there was none.</param>
public sealed record TrainingResult(TrainingEnd End, long Step, double FinalLoss, string WeightsHash, string LossHistoryHash, long ResumedFrom);

/// <summary>The loss or the gradients are not finite: the run cannot go on, and would come to the same again.</summary>
/// <param name="step">The step.</param>
/// <param name="quantity">What is not finite.</param>
/// <param name="value">Its value.</param>
/// <param name="sequences">The step's batch: numbers of sequences of the training data.</param>
public sealed class DivergedException(long step, string quantity, double value, IReadOnlyList<int> sequences)
    : Exception(string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"The run has diverged at step {step}: the {quantity} is {value}. Its batch is {Describe(sequences)} of the training data."))
{
    private const int MostNamed = 8;

    /// <summary>The step.</summary>
    public long Step { get; } = step;

    /// <summary>The value that is not finite.</summary>
    public double Value { get; } = value;

    /// <summary>The step's batch: numbers of sequences of the training data.</summary>
    public IReadOnlyList<int> Sequences { get; } = sequences;

    private static string Describe(IReadOnlyList<int> sequences)
    {
        string named = $"sequences {string.Join(", ", sequences.Take(MostNamed))}";
        return sequences.Count > MostNamed ? $"{named} and {sequences.Count - MostNamed} more" : named;
    }
}
