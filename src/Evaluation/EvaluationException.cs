namespace SlungOrleans.Evaluation;

/// <summary>Something cannot be measured or read: the message says what was found and what is expected.</summary>
/// <param name="message">One sentence.</param>
/// <param name="cause">What caused it.</param>
public sealed class EvaluationException(string message, Exception? cause = null) : Exception(message, cause);
