namespace SlungOrleans.Training;

/// <summary>A model folder cannot be used; the message says which file or field, what was found and what is expected. Trying again cannot help.</summary>
/// <param name="folder">The folder.</param>
/// <param name="fault">What is wrong, beginning with the file or field.</param>
/// <param name="cause">What it comes from.</param>
public sealed class HuggingFaceException(string folder, string fault, Exception? cause = null)
    : Exception($"The model folder '{folder}' cannot be used: {fault}.", cause);
