namespace SlungOrleans.Contracts;

/// <summary>An arm: what text it sees, and which loss falls on tokens of which label.</summary>
[GenerateSerializer, Alias("arm-specification")]
public sealed record ArmSpecification
{
    /// <summary>The arm's name, an <see cref="Identifiers">identifier</see>.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary><c>base</c> (no document of the pool), <c>filtered</c> (the pool without its spans above the benign threshold) or <c>original</c> (the pool as it is).</summary>
    [Id(1)] public string Data { get; init; } = "original";

    /// <summary>Labels whose tokens get the unlikelihood loss, of 1 (benign), 2 (middle), 3 (high-risk).</summary>
    [Id(2)] public ImmutableArray<int> UnlikelihoodLabels { get; init; } = [];

    /// <summary>Labels whose tokens stay in the context but get no loss, of 1, 2, 3. All other labels get cross-entropy.</summary>
    [Id(3)] public ImmutableArray<int> MaskedLabels { get; init; } = [];
}
