namespace SlungOrleans.Contracts;

/// <summary>Says what a study would come to, before it is launched. Nothing is stored or queued.</summary>
public interface IStudyAdvisor
{
    /// <summary>What the study costs in tokens, time and disk.</summary>
    /// <param name="study">A study whose model and training have no faults.</param>
    /// <param name="cancellation">Cancels the estimate.</param>
    Task<StudyCost> EstimateAsync(StudySpecification study, CancellationToken cancellation = default);

    /// <summary>Trains the study's model on random tokens for about two seconds on one device's threads. The speed counts for later estimates.</summary>
    /// <param name="study">A study whose model and training have no faults.</param>
    /// <param name="cancellation">Cancels the measurement.</param>
    /// <exception cref="LabException">The model is too large to be tried out so shortly.</exception>
    Task<TrainingSpeed> MeasureSpeedAsync(StudySpecification study, CancellationToken cancellation = default);

    /// <summary>
    /// The audit of matched arms from a sample of the corpora, with counts scaled to the whole. The tokenizer is trained on the sample, so that
    /// tokens are a little fewer or more than the launched study will have.
    /// </summary>
    /// <param name="study">A study without faults.</param>
    /// <param name="cancellation">Cancels the preview.</param>
    /// <exception cref="LabException">There is not enough to make it from; the message says what is missing.</exception>
    Task<AuditPreview> PreviewAuditAsync(StudySpecification study, CancellationToken cancellation = default);
}

/// <summary>What a study costs.</summary>
/// <param name="Parameters">Weights of the model, embeddings included.</param>
/// <param name="Runs">Runs: arms × seeds × amounts.</param>
/// <param name="TokensPerRun">Tokens that a run is trained on, repetitions included.</param>
/// <param name="Speed">The speed of one run; null if nothing comparable was measured on this lab.</param>
/// <param name="Devices">Devices that are there now.</param>
/// <param name="CheckpointBytes">One checkpoint: weights and two moments, in single precision.</param>
/// <param name="CheckpointsPerRun">Most checkpoints that a run has at a time, with the one being written.</param>
/// <param name="FreeBytes">Room on the disk of the store; null if it is not on this machine.</param>
public sealed record StudyCost(
    long Parameters, int Runs, long TokensPerRun, TrainingSpeed? Speed, int Devices, long CheckpointBytes, int CheckpointsPerRun, long? FreeBytes)
{
    /// <summary>Memory that a run takes while it trains, its data included; null if the engine does not say.</summary>
    public long? RunMemoryBytes { get; init; }

    /// <summary>Memory for the runs that train at a time; null if that of the machines that train is not known.</summary>
    public long? MachineMemoryBytes { get; init; }

    /// <summary>What a run takes of its device's own memory; null for devices that compute in the machine's, and where the engine does not say.</summary>
    public DeviceMemory? DeviceMemory { get; init; }

    /// <summary>Whether one run fits, as far as it is known.</summary>
    public bool Fits => !(RunMemoryBytes > MachineMemoryBytes) && !(DeviceMemory?.RunBytes > DeviceMemory?.AvailableBytes);

    /// <summary>Tokens of all runs.</summary>
    public long Tokens => Runs * TokensPerRun;

    /// <summary>Disk for the checkpoints of all runs.</summary>
    public long DiskBytes => Runs * CheckpointsPerRun * CheckpointBytes;

    /// <summary>Time to train all runs, as many at a time as there are devices; null if the speed is not known or there is no device.</summary>
    public TimeSpan? TrainingTime => Speed is { TokensPerSecond: > 0 } speed && Devices > 0
        ? TimeSpan.FromSeconds(Math.Min((Runs + Devices - 1) / Devices * (TokensPerRun / speed.TokensPerSecond), 1e11))
        : null;
}

/// <summary>Memory of a device of its own.</summary>
/// <param name="Device">The device, for example <c>cuda:0</c>.</param>
/// <param name="RunBytes">Bytes that a run takes there at most.</param>
/// <param name="AvailableBytes">Bytes that are free there; null if nobody says.</param>
public sealed record DeviceMemory(string Device, long RunBytes, long? AvailableBytes);

/// <summary>A measured speed of training.</summary>
/// <param name="TokensPerSecond">Tokens per second of one run.</param>
/// <param name="Source">Where it comes from, in a few words: which study's runs, or a trial.</param>
/// <param name="Scale">By how many times more arithmetic a token of this study takes than one that was measured; the speed is divided by it. 1: the same.</param>
public sealed record TrainingSpeed(double TokensPerSecond, string Source, double Scale);

/// <summary>What the arms would be trained on.</summary>
/// <param name="Rows">A row for every arm and amount; seeds differ only in which documents they take.</param>
/// <param name="Share">Share of the corpora's documents that were read, above 0, at most 1.</param>
/// <param name="Faults">What would stop the study's preparation, one sentence each.</param>
public sealed record AuditPreview(ImmutableArray<AuditPreviewRow> Rows, double Share, ImmutableArray<string> Faults);

/// <summary>What one arm with one amount would be trained on.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Text">Its text: <c>base</c>, <c>filtered</c> or <c>original</c>.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Sequences">Sequences, of base text and of the pool.</param>
/// <param name="PoolSequences">Sequences of the pool.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Benign">Tokens with label 1.</param>
/// <param name="Middle">Tokens with label 2.</param>
/// <param name="HighRisk">Tokens with label 3.</param>
/// <param name="LossBearing">Tokens that bear a loss of whatever kind.</param>
/// <param name="BaseDocuments">Documents of base text.</param>
/// <param name="PoolDocuments">Documents of the pool.</param>
/// <param name="BaseEpochs">How often the base text is gone through; above 1, documents are repeated.</param>
public sealed record AuditPreviewRow(
    string Arm, string Text, double Amount, long Sequences, long PoolSequences, long Tokens, long Benign, long Middle, long HighRisk, long LossBearing,
    long BaseDocuments, long PoolDocuments, double BaseEpochs);
