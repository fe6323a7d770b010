using System.Text.Json.Serialization;

namespace SlungOrleans.Contracts;

/// <summary>What the arms are trained on, and how labels come from scores.</summary>
[GenerateSerializer, Alias("data-specification")]
public sealed record DataSpecification
{
    /// <summary>Corpora of base text; all of it counts as benign.</summary>
    [Id(0)] public ImmutableArray<string> Base { get; init; } = [];

    /// <summary>Corpora of documents with high-risk spans: the pool that amounts are taken from.</summary>
    [Id(1)] public ImmutableArray<string> HighRisk { get; init; } = [];

    /// <summary>Who scores the spans of the pool.</summary>
    [Id(2)] public TaggerSpecification Tagger { get; init; } = new();

    /// <summary>A span scored above this is high-risk (label 3). Default: 0.99.</summary>
    [Id(3)] public double HighRiskThreshold { get; init; } = 0.99;

    /// <summary>A span scored above this, and not above the other, is middle (label 2); at or below it is benign (label 1). Default: 0.0001.</summary>
    [Id(4)] public double BenignThreshold { get; init; } = 1e-4;

    /// <summary>How many training sequences every arm has.</summary>
    [Id(5)] public int Sequences { get; init; } = 10_000;

    /// <summary>Share of the documents of every corpus, 0 to 0.5, that no arm trains on: for perplexity and prompts. The same in every replicate. Default: 0.05.</summary>
    [Id(6)] public double HeldOutShare { get; init; } = 0.05;
}

/// <summary>A tagger: it gives spans of a document a score between 0 and 1.</summary>
[GenerateSerializer, Alias("tagger-specification")]
public sealed record TaggerSpecification
{
    /// <summary>
    /// <c>gold</c> (spans that came with the corpus), <c>word-list</c>, <c>classifier</c> (hashed n-grams over sentences) or <c>fasttext</c> (a
    /// model of fastText over sentences).
    /// </summary>
    [Id(0)] public string Kind { get; init; } = "gold";

    /// <summary><c>word-list</c>: the corpus whose documents are the words.</summary>
    [Id(1)] public string? WordList { get; init; }

    /// <summary><c>classifier</c>: corpora of labelled documents to train on.</summary>
    [Id(2)] public ImmutableArray<string> TrainedOn { get; init; } = [];

    // What a tagger does not have is left out of its JSON: tagging jobs are named by it.

    /// <summary><c>fasttext</c>: the model's <c>.bin</c> file, on the machine of the silo.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Model { get; init; }

    /// <summary><c>fasttext</c>: the label whose probability is the score, with or without <c>__label__</c>.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Label { get; init; }

    /// <summary><c>fasttext</c>: SHA-256 of the model's file, hexadecimal; taken from the file when the study is launched if it is not given.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ModelSha256 { get; init; }
}

/// <summary>The tokenizer that is trained on a study's text.</summary>
[GenerateSerializer, Alias("tokenizer-specification")]
public sealed record TokenizerSpecification
{
    /// <summary>Size of the vocabulary, the 256 bytes and the special tokens included.</summary>
    [Id(0)] public int VocabularySize { get; init; } = 2048;
}
