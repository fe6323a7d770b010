using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A state was written or cleared that another writer has changed since it was read. The activation is deactivated.</summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="errorMsg">What happened.</param>
    /// <param name="storedEtag">The tag in the store.</param>
    /// <param name="currentEtag">The writer's tag.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="errorMsg">What happened.</param>
    /// <param name="storedEtag">The tag in the store.</param>
    /// <param name="currentEtag">The writer's tag.</param>
    /// <param name="storageException">Why.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The tag in the store.</summary>
    public string? StoredEtag { get; }

    /// <summary>The writer's tag.</summary>
    public string? CurrentEtag { get; }

    // Only the activation whose write failed is deactivated, not the callers that the exception passes through.
    internal bool IsSourceActivation { get; set; } = true;
}
