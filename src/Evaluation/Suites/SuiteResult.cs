using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>What a suite measured of one model.</summary>
public sealed record SuiteResult
{
    /// <summary>Version of this record's form.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary><c>recognition</c>, <c>generation</c>, <c>perplexity</c> or <c>replies</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Metric id to value. A metric that nothing was there to measure with is left out, or not a number.</summary>
    public required ImmutableSortedDictionary<string, double> Metrics { get; init; }

    /// <summary>What was measured on every item: for comparisons by item, and to score again.</summary>
    public required ImmutableArray<SuiteItem> Items { get; init; }

    /// <summary>Sentences for people: what was left out, cut or could not be scored.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What the values depend on besides the model: for example the tokenizer's and the scorer's fingerprints, the seed.</summary>
    public ImmutableSortedDictionary<string, string> Provenance { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
