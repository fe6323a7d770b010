namespace SlungOrleans.Contracts;

/// <summary>
/// Asks the trained models of a study's runs, one run per arm. Work is done one piece at a time in the background, arm by arm, and answers
/// come as each arm is done; where too many wait already, a call is refused with a <see cref="LabException"/>.
/// </summary>
public interface IModelService
{
    /// <summary>Cuts a text into the tokens of a study, labels them, and says what the loss of every arm does with each.</summary>
    /// <param name="request">The study and the text.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="LabException">There is no such study or document, or the study has no tokenizer yet.</exception>
    Task<LensText> TokeniseAsync(LensRequest request, CancellationToken cancellation = default);

    /// <summary>The probability that each arm's model gives to every token.</summary>
    /// <param name="choice">Which runs.</param>
    /// <param name="text">What <see cref="TokeniseAsync"/> gave.</param>
    /// <param name="cancellation">Cancels between arms.</param>
    /// <returns>For every arm of the study, in its order, when it is done; an arm whose model cannot be asked says why.</returns>
    /// <exception cref="LabException">There is no such study, or no run of that seed and amount.</exception>
    IAsyncEnumerable<ArmProbabilities> ScoreAsync(ModelChoice choice, LensText text, CancellationToken cancellation = default);

    /// <summary>Continuations of a prompt by every arm, sampled from the same random streams, scored by the study's scorer.</summary>
    /// <param name="choice">Which runs.</param>
    /// <param name="prompt">The prompt and how to sample.</param>
    /// <param name="cancellation">Cancels between arms and samples.</param>
    /// <returns>For every arm of the study, in its order, when it is done; an arm whose model cannot be asked says why.</returns>
    /// <exception cref="LabException">There is no such study or run, or a setting is outside its range.</exception>
    IAsyncEnumerable<ArmContinuations> GenerateAsync(ModelChoice choice, PromptRequest prompt, CancellationToken cancellation = default);
}

/// <summary>One run for every arm of a study.</summary>
/// <param name="Study">The study.</param>
/// <param name="Seed">The runs' seed; null for the study's first.</param>
/// <param name="Amount">The runs' amount; null for the study's first.</param>
public sealed record ModelChoice(string Study, int? Seed = null, double? Amount = null);

/// <summary>A text to look at: a document of a study, or text of the reader's own.</summary>
/// <param name="Study">The study.</param>
/// <param name="Document">A document as <see cref="IStudyDocuments.FindAsync"/> names it; null for own text.</param>
/// <param name="Text">
/// Own text, at most <see cref="LongestText"/> characters. What stands between <c>[[</c> and <c>]]</c> is high-risk; without these marks the
/// study's tagger labels it, if it is one that can.
/// </param>
public sealed record LensRequest(string Study, string? Document, string? Text = null)
{
    /// <summary>Most characters of own text.</summary>
    public const int LongestText = 20_000;
}

/// <summary>A text in a study's tokens.</summary>
public sealed record LensText
{
    /// <summary>The document's id; empty for own text.</summary>
    public required string Document { get; init; }

    /// <summary>The tokens, in order.</summary>
    public required ImmutableArray<LensToken> Tokens { get; init; }

    /// <summary>For every arm, in the study's order, what its loss does with every token.</summary>
    public required ImmutableArray<ArmTreatment> Arms { get; init; }

    /// <summary>Sentences for people: whether it was held out, cut, or could not be labelled.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>A token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The characters that begin in it; empty if it holds only later bytes of the character before.</param>
/// <param name="Bytes">Its bytes in hexadecimal.</param>
/// <param name="Level">Its label.</param>
public sealed record LensToken(int Id, string Text, string Bytes, SpanLevel Level);

/// <summary>What an arm's loss does with every token of a text, if the text is in its training data.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Treatments">One per token.</param>
public sealed record ArmTreatment(string Arm, ImmutableArray<TokenTreatment> Treatments);

/// <summary>What a loss does with a token.</summary>
public enum TokenTreatment
{
    /// <summary>Cross-entropy: the model learns to predict it.</summary>
    CrossEntropy,

    /// <summary>Unlikelihood: the model learns not to predict it.</summary>
    Unlikelihood,

    /// <summary>No loss: the token is context only.</summary>
    None,

    /// <summary>The token is not in the arm's data.</summary>
    Absent,
}

/// <summary>A model that was asked.</summary>
public sealed record AskedModel
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>The step of its checkpoint; 0 if there is none.</summary>
    public long Step { get; init; }

    /// <summary>One sentence: why it could not be asked; empty if it could.</summary>
    public string Fault { get; init; } = "";
}

/// <summary>The probabilities that an arm's model gives to a text's tokens.</summary>
/// <param name="Model">The model.</param>
/// <param name="Probabilities">p(token | end of text and the tokens before it), 0 to 1, one per token; none if the model could not be asked.</param>
public sealed record ArmProbabilities(AskedModel Model, ImmutableArray<double> Probabilities);

/// <summary>A prompt, and how to continue it.</summary>
public sealed record PromptRequest
{
    /// <summary>Most samples of one call.</summary>
    public const int MostSamples = 16;

    /// <summary>Most new tokens.</summary>
    public const int MostNewTokens = 512;

    /// <summary>Most characters of a prompt.</summary>
    public const int LongestPrompt = 4_000;

    /// <summary>The prompt; not empty.</summary>
    public required string Text { get; init; }

    /// <summary>Divides the logits, 0 to 5; 0 for the likeliest token always.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Sampling from the k likeliest tokens; 0 for all.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>New tokens, 1 to <see cref="MostNewTokens"/>.</summary>
    public int NewTokens { get; init; } = 24;

    /// <summary>The seed of the random streams; at least 0.</summary>
    public int Seed { get; init; }

    /// <summary>Continuations per arm, 1 to <see cref="MostSamples"/>.</summary>
    public int Samples { get; init; } = 3;
}

/// <summary>What an arm's model wrote.</summary>
/// <param name="Model">The model.</param>
/// <param name="Threshold">A text scored at or above this counts as high-risk.</param>
/// <param name="Samples">The continuations; none if the model could not be asked.</param>
public sealed record ArmContinuations(AskedModel Model, double Threshold, ImmutableArray<ScoredContinuation> Samples);

/// <summary>A continuation with its score.</summary>
/// <param name="Text">What the model wrote.</param>
/// <param name="Score">Its toxicity, 0 to 1; null if it could not be scored.</param>
/// <param name="HighRiskWords">Where the words stand that the scorer lists, in order; none where the scorer does not go by words.</param>
public sealed record ScoredContinuation(string Text, double? Score, ImmutableArray<TextRange> HighRiskWords);

/// <summary>A part of a text.</summary>
/// <param name="Start">Index of its first UTF-16 code unit.</param>
/// <param name="End">Index after its last.</param>
public readonly record struct TextRange(int Start, int End);
