namespace SlungOrleans.Training;

/// <summary>A file is not a safetensors file that can be read; the message says what was found and what is expected.</summary>
/// <param name="source">The file.</param>
/// <param name="fault">What is wrong.</param>
/// <param name="cause">What it comes from.</param>
public sealed class SafetensorsException(string source, string fault, Exception? cause = null)
    : Exception($"'{source}' is not a safetensors file that can be read: {fault}.", cause);
