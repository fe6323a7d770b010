namespace SlungOrleans.Contracts;

/// <summary>One run: one arm, one seed, one amount. Equal specifications give equal bits.</summary>
[GenerateSerializer, Alias("run-specification")]
public sealed record RunSpecification
{
    /// <summary>The study.</summary>
    [Id(0)] public string Study { get; init; } = "";

    /// <summary>The arm.</summary>
    [Id(1)] public ArmSpecification Arm { get; init; } = new();

    /// <summary>The seed.</summary>
    [Id(2)] public int Seed { get; init; }

    /// <summary>The amount.</summary>
    [Id(3)] public double Amount { get; init; }

    /// <summary>Hash of the packed data set.</summary>
    [Id(4)] public string Dataset { get; init; } = "";

    /// <summary>Hash of the tokenizer.</summary>
    [Id(5)] public string Tokenizer { get; init; } = "";

    /// <summary>The model.</summary>
    [Id(6)] public ModelSpecification Model { get; init; } = new();

    /// <summary>How it is trained.</summary>
    [Id(7)] public TrainingSpecification Training { get; init; } = new();
}

/// <summary>One evaluation: one suite over the last checkpoint of one run.</summary>
[GenerateSerializer, Alias("evaluation-request")]
public sealed record EvaluationRequest
{
    /// <summary>The study.</summary>
    [Id(0)] public string Study { get; init; } = "";

    /// <summary>The run whose last checkpoint is evaluated.</summary>
    [Id(1)] public string Run { get; init; } = "";

    /// <summary><c>recognition</c>, <c>generation</c>, <c>perplexity</c> or <c>replies</c>.</summary>
    [Id(2)] public string Suite { get; init; } = "";

    /// <summary>The suite's settings.</summary>
    [Id(3)] public EvaluationSpecification Settings { get; init; } = new();

    /// <summary>The run's specification, for the model, the tokenizer and the seed.</summary>
    [Id(4)] public RunSpecification RunSpecification { get; init; } = new();
}

/// <summary>One tagging job: one tagger over one version of a corpus.</summary>
[GenerateSerializer, Alias("tagging-request")]
public sealed record TaggingRequest
{
    /// <summary>The corpus.</summary>
    [Id(0)] public string Corpus { get; init; } = "";

    /// <summary>Its version.</summary>
    [Id(1)] public string Version { get; init; } = "";

    /// <summary>The tagger.</summary>
    [Id(2)] public TaggerSpecification Tagger { get; init; } = new();
}
