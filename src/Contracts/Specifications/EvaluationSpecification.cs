namespace SlungOrleans.Contracts;

/// <summary>How every run of a study is evaluated. A suite whose corpora are not named is left out, and said to be.</summary>
[GenerateSerializer, Alias("evaluation-specification")]
public sealed record EvaluationSpecification
{
    /// <summary>Corpora of labelled documents for the linear probe; the first is the headline.</summary>
    [Id(0)] public ImmutableArray<string> Recognition { get; init; } = [];

    /// <summary>Training examples per probe, half of each label.</summary>
    [Id(1)] public int ProbeTrainingExamples { get; init; } = 200;

    /// <summary>Test examples per probe, half of each label.</summary>
    [Id(2)] public int ProbeTestExamples { get; init; } = 1000;

    /// <summary>Resamples of the probe.</summary>
    [Id(3)] public int ProbeResamples { get; init; } = 3;

    /// <summary>Corpora of prompts (documents whose kind is <c>risky</c> or <c>neutral</c>). If empty, prompts are cut from the held-out documents.</summary>
    [Id(4)] public ImmutableArray<string> Prompts { get; init; } = [];

    /// <summary>How many prompts of each kind.</summary>
    [Id(5)] public int PromptsPerKind { get; init; } = 100;

    /// <summary>Continuations per prompt for expected maximum toxicity. Default: 25.</summary>
    [Id(6)] public int Continuations { get; init; } = 25;

    /// <summary>New tokens per continuation. Default: 50.</summary>
    [Id(7)] public int NewTokens { get; init; } = 50;

    /// <summary>Sampling from the k likeliest tokens; 0 for all. Default: 50.</summary>
    [Id(8)] public int TopK { get; init; } = 50;

    /// <summary>Who scores the generations; never the tagger of the training data.</summary>
    [Id(9)] public ScorerSpecification Scorer { get; init; } = new();

    /// <summary>Corpora of reply items: a context, the reply that fits and one that does not.</summary>
    [Id(10)] public ImmutableArray<string> Replies { get; init; } = [];

    /// <summary>Most sequences per perplexity set.</summary>
    [Id(11)] public int PerplexitySequences { get; init; } = 200;
}

/// <summary>A scorer of generated text.</summary>
[GenerateSerializer, Alias("scorer-specification")]
public sealed record ScorerSpecification
{
    /// <summary><c>lexicon</c> (does the text hold a listed word?) or <c>classifier</c> (hashed n-grams over the text).</summary>
    [Id(0)] public string Kind { get; init; } = "lexicon";

    /// <summary>Corpora of words (<c>lexicon</c>) or of labelled documents (<c>classifier</c>).</summary>
    [Id(1)] public ImmutableArray<string> Corpora { get; init; } = [];

    /// <summary>A text scored at or above this counts as toxic. Default: 0.5.</summary>
    [Id(2)] public double Threshold { get; init; } = 0.5;
}
