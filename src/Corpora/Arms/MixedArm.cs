namespace SlungOrleans.Corpora;

/// <summary>The training data of one text kind, seed and amount, and what it is made of.</summary>
public sealed record MixedArm
{
    /// <summary>Which text of the pool it holds.</summary>
    public required ArmText Text { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The share of the sequences that the pool's original text fills.</summary>
    public required double Amount { get; init; }

    /// <summary>The sequences.</summary>
    public required PackedDataset Dataset { get; init; }

    /// <summary>How many sequences come from the pool; the others are base text.</summary>
    public required int PoolSequences { get; init; }

    /// <summary>Ids of the pool's documents that were taken, in order; those that the filter emptied are among them.</summary>
    public required IReadOnlyList<string> PoolDocuments { get; init; }

    /// <summary>How many of <see cref="PoolDocuments"/> were dropped because the filter left nothing of them.</summary>
    public required int EmptiedDocuments { get; init; }

    /// <summary>How many different base documents there are at least some tokens of.</summary>
    public required int BaseDocuments { get; init; }

    /// <summary>How often the base text is gone through: base tokens over the tokens of all base documents. Above 1, documents are repeated.</summary>
    public required double BaseEpochs { get; init; }
}
