namespace SlungOrleans.Corpora;

/// <summary>What must hold between the rows of an audit.</summary>
internal static class AuditChecks
{
    internal static IEnumerable<string> Faults(IReadOnlyList<ArmAuditRow> rows) =>
        [.. UnequalSizes(rows), .. UnequalData(rows), .. EqualReplicates(rows), .. rows.SelectMany(FaultsOf)];

    private static IEnumerable<string> UnequalSizes(IReadOnlyList<ArmAuditRow> rows) => rows
        .Where(row => (row.Sequences, row.Tokens) != (rows[0].Sequences, rows[0].Tokens))
        .Select(row =>
            $"{Name(row)} has {row.Sequences} sequences and {row.Tokens} tokens, but {Name(rows[0])} has {rows[0].Sequences} and {rows[0].Tokens}.");

    /// <summary>Arms that see the same text must see the same tokens in the same order, with the same labels: only their losses differ.</summary>
    private static IEnumerable<string> UnequalData(IReadOnlyList<ArmAuditRow> rows)
    {
        foreach (var group in rows.GroupBy(row => (row.Text, row.Seed, row.Amount)))
        {
            var first = group.First();
            foreach (var row in group)
            {
                if (row.OrderHash != first.OrderHash)
                {
                    yield return $"{Name(row)} has other tokens, or another order, than {Name(first)}, which sees the same text.";
                }
                else if (row.MaskHash != first.MaskHash)
                {
                    yield return $"{Name(row)} has other labels than {Name(first)}, which sees the same text.";
                }
            }
        }
    }

    private static IEnumerable<string> EqualReplicates(IReadOnlyList<ArmAuditRow> rows)
    {
        foreach (var group in rows.GroupBy(row => (row.Arm, row.Amount, row.OrderHash)))
        {
            var first = group.First();
            foreach (var row in group.Where(row => row.Seed != first.Seed))
            {
                yield return $"{Name(row)} has the same tokens in the same order as {Name(first)}: they are no replicates.";
            }
        }
    }

    private static IEnumerable<string> FaultsOf(ArmAuditRow row)
    {
        if (row.PoolDocumentsSharedWithOtherSeeds > 0)
        {
            yield return $"{Name(row)} shares {row.PoolDocumentsSharedWithOtherSeeds} documents of the pool with other seeds: the replicates are not distinct.";
        }

        var risky = row.Labels.Middle + row.Labels.HighRisk;
        if (row.Text != ArmText.Original && risky > 0)
        {
            yield return $"{Name(row)} has {risky} tokens that are not benign, but its text should have none.";
        }

        if (row.Text == ArmText.Original && risky == 0)
        {
            yield return $"{Name(row)} has no token above the benign threshold, so that there is nothing for a loss to tell apart.";
        }
    }

    private static string Name(ArmAuditRow row) => FormattableString.Invariant($"Arm '{row.Arm}' (seed {row.Seed}, amount {row.Amount})");
}
