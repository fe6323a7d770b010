namespace SlungOrleans.Training;

/// <summary>What becomes of every checkpoint under a policy. Made by <see cref="CheckpointStore.PlanAsync"/>; nothing is deleted by making it.</summary>
public sealed class RetentionPlan
{
    private RetentionPlan(IReadOnlyList<RetentionDecision> decisions, long? budget)
    {
        Decisions = decisions;
        BytesKept = decisions.Where(decision => !decision.IsDeleted).Sum(decision => decision.Bytes);
        BytesOverBudget = Math.Max(0, BytesKept - (budget ?? BytesKept));
    }

    /// <summary>Every checkpoint, the last committed first.</summary>
    public IReadOnlyList<RetentionDecision> Decisions { get; }

    /// <summary>Bytes of those that are kept.</summary>
    public long BytesKept { get; }

    /// <summary>How many of them are beyond the budget, because nothing more may be deleted.</summary>
    public long BytesOverBudget { get; }

    /// <summary>Decides by a policy.</summary>
    /// <param name="entries">The checkpoints, the last committed first.</param>
    /// <param name="inUse">Manifests of those that are in use.</param>
    /// <param name="policy">The policy; valid.</param>
    internal static RetentionPlan Of(IReadOnlyList<CheckpointEntry> entries, IReadOnlySet<string> inUse, RetentionPolicy policy)
    {
        HashSet<string> best =
        [
            .. entries.Where(entry => entry.Score is not null).OrderBy(entry => entry.Score).ThenBy(entry => entry.Step).Take(policy.Best)
                .Select(entry => entry.Manifest),
        ];
        RetentionReasons[] reasons = [.. entries.Select(ReasonsFor)];
        if (policy.BudgetBytes is { } budget)
        {
            long bytes = entries.Where((_, index) => reasons[index] != RetentionReasons.None).Sum(entry => entry.Bytes);
            foreach (int index in Dispensable(entries, reasons))
            {
                if (bytes <= budget)
                {
                    break;
                }

                bytes -= entries[index].Bytes;
                reasons[index] = RetentionReasons.None;
            }
        }

        return new RetentionPlan([.. entries.Select((entry, index) => new RetentionDecision(entry, reasons[index]))], policy.BudgetBytes);

        RetentionReasons ReasonsFor(CheckpointEntry entry, int index) =>
            (index == 0 ? RetentionReasons.Newest : 0)
            | (index < policy.Latest ? RetentionReasons.Latest : 0)
            | (policy.EverySteps > 0 && entry.Step % policy.EverySteps == 0 ? RetentionReasons.EveryNth : 0)
            | (best.Contains(entry.Manifest) ? RetentionReasons.Best : 0)
            | (entry.Pinned ? RetentionReasons.Pinned : 0)
            | (inUse.Contains(entry.Manifest) ? RetentionReasons.InUse : 0);
    }

    /// <summary>The plan that deletes chosen checkpoints and no other.</summary>
    /// <param name="manifests">Manifests of those that are chosen.</param>
    internal RetentionPlan Choosing(IReadOnlySet<string> manifests) => new(
        [.. Decisions.Select(decision => new RetentionDecision(
            decision.Entry, manifests.Contains(decision.Entry.Manifest) ? RetentionReasons.None : decision.Reasons | RetentionReasons.NotChosen))],
        budget: null);

    /// <summary>What a tight budget takes, the least needed first.</summary>
    private static IEnumerable<int> Dispensable(IReadOnlyList<CheckpointEntry> entries, RetentionReasons[] reasons)
    {
        const RetentionReasons untouchable = RetentionReasons.Newest | RetentionReasons.Pinned | RetentionReasons.InUse;
        int[] candidates = [.. Enumerable.Range(0, entries.Count).Where(index => reasons[index] != 0 && (reasons[index] & untouchable) == 0)];
        return candidates.Where(index => reasons[index] == RetentionReasons.EveryNth).OrderDescending()
            .Concat(candidates.Where(index => Is(index, RetentionReasons.Best) && !Is(index, RetentionReasons.Latest)).OrderByDescending(index => entries[index].Score))
            .Concat(candidates.Where(index => Is(index, RetentionReasons.Latest)).OrderDescending())
            .ToArray();

        bool Is(int index, RetentionReasons reason) => (reasons[index] & reason) != 0;
    }
}

/// <summary>What becomes of a checkpoint.</summary>
public sealed class RetentionDecision
{
    internal RetentionDecision(CheckpointEntry entry, RetentionReasons reasons)
    {
        Entry = entry;
        Reasons = reasons;
    }

    /// <summary>Optimizer steps done.</summary>
    public long Step => Entry.Step;

    /// <summary>The attempt that made it.</summary>
    public long Epoch => Entry.Epoch;

    /// <summary>Bytes of its weights and moments; 0 if its manifest is damaged.</summary>
    public long Bytes => Entry.Bytes;

    /// <summary>Its score, the lower the better; null if not known.</summary>
    public double? Score => Entry.Score;

    /// <summary>Why it is kept.</summary>
    public RetentionReasons Reasons { get; }

    /// <summary>Whether it is deleted.</summary>
    public bool IsDeleted => Reasons == RetentionReasons.None;

    internal CheckpointEntry Entry { get; }
}
