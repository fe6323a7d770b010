using System.Globalization;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <content>Which checkpoints stay: plans, pins, scores and uses.</content>
public sealed partial class CheckpointStore
{
    /// <summary>What would become of every checkpoint under a policy. Deletes nothing.</summary>
    /// <param name="policy">The policy; null for the one that commits follow.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="ArgumentException">The policy is out of its ranges.</exception>
    public async Task<RetentionPlan> PlanAsync(RetentionPolicy? policy = null, CancellationToken cancellation = default)
    {
        policy?.Validate();
        CheckpointHead head = (await _folder.ReadHeadAsync(null, cancellation).ConfigureAwait(false)).Head;
        head = await _folder.DescribeAsync(head, cancellation).ConfigureAwait(false);
        return RetentionPlan.Of(head.Checkpoints, head.UsesAt(_folder.Now).Select(use => use.Manifest).ToHashSet(), policy ?? _retention);
    }

    /// <summary>The plan to delete chosen checkpoints and no other. Deletes nothing.</summary>
    /// <param name="chosen">Their steps, and the attempts that made them.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="RetentionPlanException">One of them is not there, the newest, pinned, or in use.</exception>
    public async Task<RetentionPlan> PlanDeletionAsync(IReadOnlyCollection<(long Step, long Epoch)> chosen, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        CheckpointHead head = (await _folder.ReadHeadAsync(null, cancellation).ConfigureAwait(false)).Head;
        head = await _folder.DescribeAsync(head, cancellation).ConfigureAwait(false);
        HashSet<string> manifests = [];
        foreach ((long step, long epoch) in chosen)
        {
            CheckpointEntry? entry = head.Checkpoints.FirstOrDefault(entry => entry.Step == step && entry.Epoch == epoch);
            if ((entry is null ? "is not there any more" : WhyKept(head, entry)) is { } reason)
            {
                throw new RetentionPlanException(string.Create(CultureInfo.InvariantCulture, $"The checkpoint of step {step} cannot be deleted: it {reason}."));
            }

            manifests.Add(entry!.Manifest);
        }

        return RetentionPlan.Of(head.Checkpoints, head.UsesAt(_folder.Now).Select(use => use.Manifest).ToHashSet(), _retention).Choosing(manifests);
    }

    /// <summary>
    /// Deletes exactly those checkpoints that a plan says. Checkpoints that were committed since are not touched. What earlier deletions that
    /// were interrupted have left is deleted too.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellation">Cancels the call; the checkpoints may then be deleted or not.</param>
    /// <exception cref="RetentionPlanException">One of them has been deleted, pinned or put to use since; nothing was deleted.</exception>
    /// <exception cref="BlobStoreException">The store failed; the checkpoints may be deleted or not.</exception>
    public async Task CarryOutAsync(RetentionPlan plan, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RetentionDecision[] deleted = [.. plan.Decisions.Where(decision => decision.IsDeleted)];
        HashSet<string> manifests = [.. deleted.Select(decision => decision.Entry.Manifest)];
        CheckpointHead after = await _folder.SwapAsync(null, Remove, null, cancellation).ConfigureAwait(false);
        HashSet<string> committed = [.. after.Checkpoints.Select(entry => entry.Folder)];
        HashSet<string> folders = [.. deleted.Select(decision => decision.Entry.Folder)];
        List<string> present = await _folder.ListNamesAsync("", cancellation).ConfigureAwait(false);
        await _folder.DeleteAsync(present.Where(IsLeftOver), cancellation).ConfigureAwait(false);

        CheckpointHead Remove(CheckpointHead head)
        {
            foreach (RetentionDecision decision in deleted)
            {
                if (WhyKept(head, decision.Entry) is { } reason)
                {
                    throw new RetentionPlanException(string.Create(
                        CultureInfo.InvariantCulture, $"The plan does not hold any more, and nothing was deleted: the checkpoint of step {decision.Step} {reason}."));
                }
            }

            return manifests.Count == 0 ? head : head with { Checkpoints = [.. head.Checkpoints.Where(entry => !manifests.Contains(entry.Manifest))] };
        }

        // A running attempt's steps rise: only what is above its last commit may be one that it is about to commit.
        bool IsLeftOver(string name) =>
            CheckpointEntry.FolderOfBlob(name) is { } folder
            && !committed.Contains(folder)
            && (folders.Contains(folder) || (after.Checkpoints is [{ } newest, ..] && newest.Epoch == after.Epoch && string.CompareOrdinal(folder, newest.Folder) < 0));
    }

    /// <summary>Pins the newest checkpoint of a step, so that no policy deletes it, or unpins it. Returns whether there is one.</summary>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="pinned">Whether it is to be kept.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<bool> PinAsync(long step, bool pinned, CancellationToken cancellation = default) =>
        ChangeAsync(step, entry => entry.Pinned == pinned ? entry : entry with { Pinned = pinned }, cancellation);

    /// <summary>Gives the newest checkpoint of a step the score that the best are chosen by, instead of its loss. Returns whether there is one.</summary>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="score">The score, the lower the better; finite.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<bool> ScoreAsync(long step, double score, CancellationToken cancellation = default)
    {
        if (!double.IsFinite(score))
        {
            throw new ArgumentOutOfRangeException(nameof(score), score, "A score is a finite number.");
        }

        return ChangeAsync(step, entry => entry with { Score = score }, cancellation);
    }

    /// <summary>Puts off the time at which the reader's use times out. Returns whether it still has one.</summary>
    /// <param name="user">The reader.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<bool> RenewAsync(CheckpointUser user, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        bool found = false;
        await _folder.SwapAsync(user.Attempt, Renew, null, cancellation).ConfigureAwait(false);
        return found;

        CheckpointHead Renew(CheckpointHead head)
        {
            CheckpointUse? use = head.UsesAt(_folder.Now).FirstOrDefault(use => use.Owner == user.Owner);
            found = use is not null;
            return use is null ? head : head.With([.. OthersThan(head, user), use with { Until = _folder.Now + user.TimeOut }]);
        }
    }

    /// <summary>The reader does not read any more. Does nothing if it has no use.</summary>
    /// <param name="user">The reader.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task ReleaseAsync(CheckpointUser user, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        return _folder.SwapAsync(
            user.Attempt,
            head => (head.Uses ?? []).Any(use => use.Owner == user.Owner) ? head.With(OthersThan(head, user)) : head,
            null,
            cancellation);
    }

    private static IEnumerable<CheckpointUse> OthersThan(CheckpointHead head, CheckpointUser user) =>
        (head.Uses ?? []).Where(use => use.Owner != user.Owner);

    /// <summary>Records a use, instead of any that the reader has. Returns whether the checkpoint is still there; in a damaged head nothing is recorded.</summary>
    private async Task<bool> UseAsync(CheckpointEntry entry, CheckpointUser user, CancellationToken cancellation)
    {
        bool damaged = false, found = false;
        await _folder.SwapAsync(user.Attempt, Use, _ => damaged = true, cancellation).ConfigureAwait(false);
        return found;

        CheckpointHead Use(CheckpointHead head)
        {
            found = head.Checkpoints.Any(other => other.Manifest == entry.Manifest);
            return damaged || !found
                ? head
                : head.With([.. OthersThan(head, user), new CheckpointUse(user.Owner, entry.Manifest, _folder.Now + user.TimeOut, user.Attempt)]);
        }
    }

    private async Task<bool> ChangeAsync(long step, Func<CheckpointEntry, CheckpointEntry> change, CancellationToken cancellation)
    {
        bool found = false;
        await _folder.SwapAsync(null, Change, null, cancellation).ConfigureAwait(false);
        return found;

        CheckpointHead Change(CheckpointHead head)
        {
            CheckpointEntry? entry = head.Checkpoints.FirstOrDefault(entry => entry.Step == step);
            found = entry is not null;
            return entry is null || change(entry) is not { } changed || changed == entry
                ? head
                : head with { Checkpoints = [.. head.Checkpoints.Select(other => other == entry ? changed : other)] };
        }
    }

    /// <summary>In a few words, why a checkpoint may not be deleted; null if it may.</summary>
    private string? WhyKept(CheckpointHead head, CheckpointEntry planned)
    {
        CheckpointEntry? entry = head.Checkpoints.FirstOrDefault(entry => entry.Manifest == planned.Manifest);
        CheckpointUse? use = head.UsesAt(_folder.Now).FirstOrDefault(use => use.Manifest == planned.Manifest);
        return entry is null ? "is not there any more"
            : entry.Pinned ? "has been pinned"
            : use is not null ? string.Create(CultureInfo.InvariantCulture, $"is in use by '{use.Owner}' until {use.Until.UtcDateTime:u}")
            : entry == head.Checkpoints[0] ? "is the newest by now"
            : null;
    }
}

/// <summary>Who reads a checkpoint that must not be deleted meanwhile.</summary>
/// <param name="Owner">A name of its own, such as an evaluation's id.</param>
/// <param name="TimeOut">How long the use holds, should its owner be gone; above zero.</param>
/// <param name="Attempt">The epoch, if it is an attempt that goes on from the checkpoint: newer attempts end its use. Null for a reader.</param>
public sealed record CheckpointUser(string Owner, TimeSpan TimeOut, long? Attempt = null);
