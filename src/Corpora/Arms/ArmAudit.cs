namespace SlungOrleans.Corpora;

/// <summary>Collects what arms are trained on, and checks that they are matched and that their replicates are distinct.</summary>
public sealed class ArmAudit
{
    private readonly List<(ArmAuditRow Row, IReadOnlyList<string> PoolDocuments)> _arms = [];

    /// <summary>Adds an arm. Its sequences are not kept.</summary>
    /// <param name="arm">The arm's name.</param>
    /// <param name="mixed">Its data.</param>
    /// <param name="lossBearing">The labels whose tokens bear a loss in this arm, of whatever kind.</param>
    public void Add(string arm, MixedArm mixed, IReadOnlyCollection<RiskLabel> lossBearing)
    {
        var manifest = mixed.Dataset.Manifest;
        var row = new ArmAuditRow
        {
            Arm = arm,
            Text = mixed.Text,
            Seed = mixed.Seed,
            Amount = mixed.Amount,
            Sequences = manifest.Sequences,
            PoolSequences = mixed.PoolSequences,
            BaseSequences = manifest.Sequences - mixed.PoolSequences,
            Tokens = (long)manifest.Sequences * manifest.SequenceLength,
            Labels = manifest.Labels,
            LossBearingTokens = lossBearing.Distinct().Sum(label => manifest.Labels[label]),
            PoolDocuments = mixed.PoolDocuments.Count,
            EmptiedDocuments = mixed.EmptiedDocuments,
            PoolDocumentsSharedWithOtherSeeds = 0,
            BaseDocuments = mixed.BaseDocuments,
            BaseEpochs = mixed.BaseEpochs,
            OrderHash = manifest.InputIdsSha256,
            MaskHash = manifest.LabelMaskSha256,
        };
        _arms.Add((row, mixed.PoolDocuments));
    }

    /// <summary>The table of all arms, with the faults that were found.</summary>
    public AuditTable Build()
    {
        var seedsOf = new Dictionary<string, HashSet<int>>();
        foreach (var (row, documents) in _arms)
        {
            foreach (var document in documents)
            {
                if (!seedsOf.TryGetValue(document, out var seeds))
                {
                    seedsOf.Add(document, seeds = []);
                }

                seeds.Add(row.Seed);
            }
        }

        IReadOnlyList<ArmAuditRow> rows =
        [
            .. _arms.Select(arm => arm.Row with
            {
                PoolDocumentsSharedWithOtherSeeds = arm.PoolDocuments.Count(document => seedsOf[document].Count > 1),
            }),
        ];
        return new AuditTable(rows, [.. AuditChecks.Faults(rows)]);
    }
}
