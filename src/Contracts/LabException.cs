namespace SlungOrleans.Contracts;

/// <summary>A request that cannot be met, said in one sentence for people.</summary>
[GenerateSerializer, Alias("lab-exception")]
public sealed class LabException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence: what was found, what is expected.</param>
    public LabException(string message)
        : base(message)
    {
    }
}
