namespace SlungOrleans.Contracts;

/// <summary>What a person may do with the checkpoints of a run: see why each is kept, pin, verify and delete them, and prove that the run resumes exactly.</summary>
public interface IRunCheckpoints
{
    /// <summary>Every checkpoint of a run, and what would become of it under a policy. Deletes nothing.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="retention">The policy; null for the run's own.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="LabException">There is no such run, or the policy is out of its ranges.</exception>
    Task<RunCheckpointPlan> PlanAsync(string run, RetentionSpecification? retention = null, CancellationToken cancellation = default);

    /// <summary>Deletes chosen checkpoints and no other: all of them, or none.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="chosen">Which, as a plan has shown them.</param>
    /// <param name="cancellation">Cancels the call; they may then be deleted or not.</param>
    /// <exception cref="LabException">There is no such run, or one of them is gone, the newest, pinned, or in use by now; nothing was deleted.</exception>
    Task DeleteAsync(string run, IReadOnlyCollection<RunCheckpoint> chosen, CancellationToken cancellation = default);

    /// <summary>Keeps the newest checkpoint of a step whatever the policy and the budget say, or no longer than they say.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="step">The step it was taken after.</param>
    /// <param name="pinned">Whether it is to be kept.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="LabException">There is no such run or checkpoint.</exception>
    Task PinAsync(string run, long step, bool pinned, CancellationToken cancellation = default);

    /// <summary>Reads the newest checkpoint of a step to its end and compares lengths and SHA-256 with its manifest.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="step">The step it was taken after.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>What is damaged, in one sentence; null if it is whole.</returns>
    /// <exception cref="LabException">There is no such run or checkpoint.</exception>
    Task<string?> VerifyAsync(string run, long step, CancellationToken cancellation = default);

    /// <summary>
    /// Replays a completed run's last steps from the checkpoint before its last, compares weights and losses, and keeps the verdict with the run.
    /// Takes as long as those steps did; one run is replayed at a time.
    /// </summary>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Cancels the replay; the verdict stays what it was.</param>
    /// <exception cref="LabException">There is no such run, it is not completed, or it is being replayed already.</exception>
    Task<ResumeCertificateView> CertifyAsync(string run, CancellationToken cancellation = default);

    /// <summary>Whether a run is being replayed in this process, or waits for it.</summary>
    /// <param name="run">The run's id.</param>
    bool IsCertifying(string run);
}

/// <summary>What would become of a run's checkpoints.</summary>
/// <param name="Checkpoints">Every checkpoint, the last committed first.</param>
/// <param name="BytesKept">Bytes of those that stay.</param>
/// <param name="BytesOverBudget">How many of them are beyond the budget, because nothing more may be deleted.</param>
/// <param name="Retention">The policy.</param>
public sealed record RunCheckpointPlan(ImmutableArray<RunCheckpoint> Checkpoints, long BytesKept, long BytesOverBudget, RetentionSpecification Retention)
{
    /// <summary>Those that the policy would delete.</summary>
    public IEnumerable<RunCheckpoint> Deleted => Checkpoints.Where(checkpoint => checkpoint.Reasons.IsEmpty);
}

/// <summary>A checkpoint of a run. Its step and attempt name it.</summary>
public sealed record RunCheckpoint
{
    /// <summary>The step it was taken after.</summary>
    public required long Step { get; init; }

    /// <summary>The attempt that committed it.</summary>
    public required long Epoch { get; init; }

    /// <summary>Bytes of its weights and moments; 0 if its manifest is damaged.</summary>
    public long Bytes { get; init; }

    /// <summary>What the best are chosen by, the lower the better: the loss of its last step, unless it was given another. Null if not known.</summary>
    public double? Score { get; init; }

    /// <summary>Why the policy keeps it, each in a few words; none if it would delete it.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>Whether a person keeps it.</summary>
    public bool Pinned { get; init; }

    /// <summary>Whether it may not be deleted even if it is chosen: the newest, pinned, or in use. In a few words why; null if it may.</summary>
    public string? Locked { get; init; }
}
