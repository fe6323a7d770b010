using System.Text.Json.Serialization;

namespace SlungOrleans.Corpora;

/// <summary>What every arm of a study is trained on, side by side, and whether the arms are matched.</summary>
/// <param name="Rows">A row for every arm, seed and amount.</param>
/// <param name="Faults">A sentence for everything that breaks the match; empty if all is well.</param>
public sealed record AuditTable(
    [property: JsonPropertyName("rows")] IReadOnlyList<ArmAuditRow> Rows,
    [property: JsonPropertyName("faults")] IReadOnlyList<string> Faults);

/// <summary>What one arm with one seed and one amount is trained on.</summary>
public sealed record ArmAuditRow
{
    /// <summary>The arm's name.</summary>
    [JsonPropertyName("arm")]
    public required string Arm { get; init; }

    /// <summary>Which text of the pool it sees.</summary>
    [JsonPropertyName("text")]
    public required ArmText Text { get; init; }

    /// <summary>The seed.</summary>
    [JsonPropertyName("seed")]
    public required int Seed { get; init; }

    /// <summary>The amount: the share of the sequences that the pool's original text fills.</summary>
    [JsonPropertyName("amount")]
    public required double Amount { get; init; }

    /// <summary>How many sequences.</summary>
    [JsonPropertyName("sequences")]
    public required int Sequences { get; init; }

    /// <summary>How many of them come from the pool.</summary>
    [JsonPropertyName("poolSequences")]
    public required int PoolSequences { get; init; }

    /// <summary>How many of them are base text.</summary>
    [JsonPropertyName("baseSequences")]
    public required int BaseSequences { get; init; }

    /// <summary>How many tokens.</summary>
    [JsonPropertyName("tokens")]
    public required long Tokens { get; init; }

    /// <summary>How many tokens have which label.</summary>
    [JsonPropertyName("labels")]
    public required LabelCounts Labels { get; init; }

    /// <summary>How many tokens bear a loss of whatever kind, as the authors count them: over all positions, the first of a sequence too.</summary>
    [JsonPropertyName("lossBearingTokens")]
    public required long LossBearingTokens { get; init; }

    /// <summary>How many documents of the pool were taken.</summary>
    [JsonPropertyName("poolDocuments")]
    public required int PoolDocuments { get; init; }

    /// <summary>How many of them were dropped because the filter left nothing of them.</summary>
    [JsonPropertyName("emptiedDocuments")]
    public required int EmptiedDocuments { get; init; }

    /// <summary>How many of the pool's documents are also in an arm with another seed. 0: the replicates are distinct.</summary>
    [JsonPropertyName("poolDocumentsSharedWithOtherSeeds")]
    public required int PoolDocumentsSharedWithOtherSeeds { get; init; }

    /// <summary>How many different base documents.</summary>
    [JsonPropertyName("baseDocuments")]
    public required int BaseDocuments { get; init; }

    /// <summary>How often the base text is gone through; above 1, documents are repeated.</summary>
    [JsonPropertyName("baseEpochs")]
    public required double BaseEpochs { get; init; }

    /// <summary>SHA-256 of all token ids in order (the file <c>input_ids</c>).</summary>
    [JsonPropertyName("orderHash")]
    public required string OrderHash { get; init; }

    /// <summary>SHA-256 of all labels in order (the file <c>label_mask</c>).</summary>
    [JsonPropertyName("maskHash")]
    public required string MaskHash { get; init; }
}
