namespace SlungOrleans.Corpora;

/// <summary>Arms cannot be mixed as asked: the message says, in one sentence for people, what there is and what is needed.</summary>
public sealed class ArmMixingException(string message) : Exception(message);
