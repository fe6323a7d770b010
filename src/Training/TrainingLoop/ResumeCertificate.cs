namespace SlungOrleans.Training;

/// <summary>What a replay of a run's last steps came to.</summary>
public enum ResumeVerdict
{
    /// <summary>Weights, moments and the losses of all replayed steps are the same bits.</summary>
    Identical,

    /// <summary>Something differs.</summary>
    Different,

    /// <summary>There is no checkpoint to replay from, or none to compare with.</summary>
    NotVerified,
}

/// <summary>Whether a run goes on from its checkpoint before the last to exactly its last: what an exact resume rests on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="FromStep">The step of the checkpoint that the replay began with; 0 if it began with the initial weights.</param>
/// <param name="ToStep">The step of the run's last checkpoint.</param>
/// <param name="WeightsHash">SHA-256 of the last checkpoint's weights.</param>
/// <param name="ReplayedWeightsHash">SHA-256 of the replayed weights.</param>
/// <param name="LossHistoryHash">SHA-256 chained over the losses of the run's steps.</param>
/// <param name="ReplayedLossHistoryHash">The same with the losses of the replayed steps.</param>
/// <param name="FirstDifferentStep">The first replayed step whose loss is not the recorded one; null if there is none, or none was recorded.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record ResumeCertificate(
    ResumeVerdict Verdict,
    long FromStep,
    long ToStep,
    string WeightsHash,
    string ReplayedWeightsHash,
    string LossHistoryHash,
    string ReplayedLossHistoryHash,
    long? FirstDifferentStep,
    string Message);
