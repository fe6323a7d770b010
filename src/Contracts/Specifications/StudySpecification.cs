namespace SlungOrleans.Contracts;

/// <summary>A study: which arms, seeds and amounts of high-risk text are trained, on what, and how they are evaluated.</summary>
[GenerateSerializer, Alias("study-specification")]
public sealed record StudySpecification
{
    /// <summary>The study's name, an <see cref="Identifiers">identifier</see>, unique.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>One or two sentences for people.</summary>
    [Id(1)] public string Description { get; init; } = "";

    /// <summary>Corpora that the study imports if they are not there yet.</summary>
    [Id(2)] public ImmutableArray<CorpusSpecification> Corpora { get; init; } = [];

    /// <summary>What the arms are trained on.</summary>
    [Id(3)] public DataSpecification Data { get; init; } = new();

    /// <summary>The tokenizer, trained on the study's own text.</summary>
    [Id(4)] public TokenizerSpecification Tokenizer { get; init; } = new();

    /// <summary>The arms; at least one.</summary>
    [Id(5)] public ImmutableArray<ArmSpecification> Arms { get; init; } = [];

    /// <summary>The seeds: the replicates of every arm. Distinct; three or more for intervals that mean something.</summary>
    [Id(6)] public ImmutableArray<int> Seeds { get; init; } = [];

    /// <summary>Amounts of high-risk documents, each as a share (0 to 1, exclusive) of the training sequences.</summary>
    [Id(7)] public ImmutableArray<double> Amounts { get; init; } = [];

    /// <summary>The model.</summary>
    [Id(8)] public ModelSpecification Model { get; init; } = new();

    /// <summary>How it is trained.</summary>
    [Id(9)] public TrainingSpecification Training { get; init; } = new();

    /// <summary>How every run is evaluated.</summary>
    [Id(10)] public EvaluationSpecification Evaluation { get; init; } = new();
}
