using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Artefacts;

/// <inheritdoc cref="IRunCheckpoints"/>
internal sealed class RunCheckpoints(IGrainFactory grains, IBlobStore store, RunVerifier verifier, IOptions<LabOptions> options) : IRunCheckpoints
{
    private const RetentionReasons Locks = RetentionReasons.Newest | RetentionReasons.Pinned | RetentionReasons.InUse;

    private readonly ConcurrentDictionary<string, bool> _certifying = new();
    private readonly SemaphoreSlim _oneReplayAtATime = new(1, 1);

    public async Task<RunCheckpointPlan> PlanAsync(string run, RetentionSpecification? retention, CancellationToken cancellation)
    {
        var (checkpoints, own) = await OpenAsync(run);
        retention ??= own;
        var policy = TrainingMapping.ToRetention(retention);
        if (policy.FindFaults() is { Count: > 0 } faults)
        {
            throw new LabException($"The retention policy cannot be used: {string.Join("; ", faults)}.");
        }

        var plan = await checkpoints.PlanAsync(policy, cancellation);
        return new RunCheckpointPlan([.. plan.Decisions.Select(ToView)], plan.BytesKept, plan.BytesOverBudget, retention);
    }

    public async Task DeleteAsync(string run, IReadOnlyCollection<RunCheckpoint> chosen, CancellationToken cancellation)
    {
        var (checkpoints, _) = await OpenAsync(run);
        try
        {
            var plan = await checkpoints.PlanDeletionAsync([.. chosen.Select(checkpoint => (checkpoint.Step, checkpoint.Epoch))], cancellation);
            await checkpoints.CarryOutAsync(plan, cancellation);
        }
        catch (RetentionPlanException exception)
        {
            throw new LabException(exception.Message);
        }
    }

    public async Task PinAsync(string run, long step, bool pinned, CancellationToken cancellation)
    {
        var (checkpoints, _) = await OpenAsync(run);
        if (!await checkpoints.PinAsync(step, pinned, cancellation))
        {
            throw NoCheckpoint(run, step);
        }
    }

    public async Task<string?> VerifyAsync(string run, long step, CancellationToken cancellation)
    {
        var (checkpoints, _) = await OpenAsync(run);
        try
        {
            // Hashing keeps a core busy.
            var check = await Task.Run(() => checkpoints.VerifyAsync(step, cancellation), cancellation) ?? throw NoCheckpoint(run, step);
            return check.Damage is { } damage ? $"The checkpoint of step {step} is damaged: {damage}." : null;
        }
        catch (CheckpointMismatchException exception)
        {
            throw new LabException(exception.Message);
        }
    }

    public async Task<ResumeCertificateView> CertifyAsync(string run, CancellationToken cancellation)
    {
        if (!_certifying.TryAdd(run, true))
        {
            throw new LabException($"Run '{run}' is being replayed already.");
        }

        try
        {
            await _oneReplayAtATime.WaitAsync(cancellation);
            try
            {
                return await verifier.VerifyAsync(run, options.Value.ThreadsPerDevice, cancellation);
            }
            finally
            {
                _oneReplayAtATime.Release();
            }
        }
        finally
        {
            _certifying.TryRemove(run, out _);
        }
    }

    public bool IsCertifying(string run) => _certifying.ContainsKey(run);

    private async Task<(CheckpointStore Checkpoints, RetentionSpecification Retention)> OpenAsync(string run)
    {
        var view = await grains.GetGrain<ITrainingRunGrain>(Identifiers.Ensure(run, "run")).GetAsync();
        var retention = (view.Specification ?? throw new LabException($"There is no run '{run}'.")).Training.Retention;
        return (new CheckpointStore(store, ArtefactNames.Checkpoints(run), TrainingMapping.ToRetention(retention)), retention);
    }

    private static LabException NoCheckpoint(string run, long step) =>
        new($"Run '{run}' has no checkpoint of step {step}; `checkpoint list {run}` shows those it has.");

    private static RunCheckpoint ToView(RetentionDecision decision) => new()
    {
        Step = decision.Step,
        Epoch = decision.Epoch,
        Bytes = decision.Bytes,
        Score = decision.Score,
        Reasons = InWords(decision.Reasons),
        Pinned = decision.Reasons.HasFlag(RetentionReasons.Pinned),
        Locked = InWords(decision.Reasons & Locks) is { IsEmpty: false } locks ? string.Join(", ", locks) : null,
    };

    private static ImmutableArray<string> InWords(RetentionReasons reasons) =>
    [
        .. Enum.GetValues<RetentionReasons>().Where(reason => reason != RetentionReasons.None && reasons.HasFlag(reason)).Select(reason => reason switch
        {
            RetentionReasons.Newest => "the newest",
            RetentionReasons.Latest => "one of the latest",
            RetentionReasons.EveryNth => "one of every n steps",
            RetentionReasons.Best => "one of the best",
            RetentionReasons.Pinned => "pinned",
            RetentionReasons.InUse => "in use",
            _ => "not chosen",
        }),
    ];
}
