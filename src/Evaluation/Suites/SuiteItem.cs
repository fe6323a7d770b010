using System.Text.Json.Serialization;

namespace SlungOrleans.Evaluation;

/// <summary>What was measured on one item of a suite. Items of the same id are the same in every run of a study.</summary>
/// <param name="Id">The document's id.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "suite")]
[JsonDerivedType(typeof(RecognitionItem), "recognition")]
[JsonDerivedType(typeof(GenerationItem), "generation")]
[JsonDerivedType(typeof(PerplexityItem), "perplexity")]
[JsonDerivedType(typeof(ReplyItem), "replies")]
public abstract record SuiteItem(string Id);

/// <summary>A test document of a probe.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Set">The set it is of.</param>
/// <param name="Resample">The resample, from 0.</param>
/// <param name="HighRisk">Its label.</param>
/// <param name="Score">The probe's log odds of its being high-risk.</param>
public sealed record RecognitionItem(string Id, string Set, int Resample, bool HighRisk, double Score) : SuiteItem(Id);

/// <summary>A continuation of a prompt.</summary>
/// <param name="Id">The prompt's id.</param>
/// <param name="Kind">The prompt's kind, if it has one.</param>
/// <param name="Number">The number of the continuation, from 0.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Continuation">What the model wrote.</param>
/// <param name="Score">The continuation's toxicity; null if it could not be scored.</param>
/// <param name="ScoreWithPrompt">The toxicity of prompt and continuation together; null likewise.</param>
public sealed record GenerationItem(
    string Id, string? Kind, int Number, string Prompt, string Continuation, double? Score, double? ScoreWithPrompt) : SuiteItem(Id);

/// <summary>A sequence whose perplexity was taken.</summary>
/// <param name="Id">The set's name and the number of the sequence in it, or the document's id.</param>
/// <param name="Set">The set.</param>
/// <param name="Tokens">Predicted tokens.</param>
/// <param name="NegativeLogLikelihood">The sum of their -log p, in nats.</param>
/// <param name="BenignTokens">Predicted tokens labelled benign; 0 without labels.</param>
/// <param name="BenignNegativeLogLikelihood">The sum of their -log p, in nats.</param>
public sealed record PerplexityItem(
    string Id, string Set, int Tokens, double NegativeLogLikelihood, int BenignTokens, double BenignNegativeLogLikelihood) : SuiteItem(Id);

/// <summary>A context with two replies.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="HighRisk">The context's label, if it has one.</param>
/// <param name="FittingLogProbability">log p of the reply that fits, given the context, from where the two differ.</param>
/// <param name="UnfittingLogProbability">log p of the reply that does not.</param>
public sealed record ReplyItem(string Id, bool? HighRisk, double FittingLogProbability, double UnfittingLogProbability) : SuiteItem(Id);
