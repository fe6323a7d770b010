namespace Orleans;

/// <summary>Why an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason was given.</summary>
    None,

    /// <summary>The process stops.</summary>
    ShuttingDown,

    /// <summary>Activation failed.</summary>
    ActivationFailed,

    /// <summary>Orleans' grain directory failed; never the case in one process.</summary>
    DirectoryFailure,

    /// <summary>It was not called for the collection age.</summary>
    ActivationIdle,

    /// <summary>Orleans found it stuck; never the case in this host.</summary>
    ActivationUnresponsive,

    /// <summary>There was another activation; never the case in one process.</summary>
    DuplicateActivation,

    /// <summary>A request of another interface version came; never the case in one process.</summary>
    IncompatibleRequest,

    /// <summary>The grain failed in a way that makes its state doubtful.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>It moves to another process; never the case in this host.</summary>
    Migrating,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested,

    /// <summary>Memory is short; never the case in this host.</summary>
    HighMemoryPressure,
}

/// <summary>Why an activation ends, in a code and a sentence.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Creates a reason.</summary>
    /// <param name="code">The code.</param>
    /// <param name="text">The sentence.</param>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>Creates a reason that is an exception.</summary>
    /// <param name="code">The code.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="text">The sentence.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>The sentence.</summary>
    public string Description { get; }

    /// <summary>The code.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The exception, if it was one.</summary>
    public Exception? Exception { get; }

    /// <summary>Code and sentence.</summary>
    public override string ToString() =>
        Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description}. Exception: {Exception}";
}
