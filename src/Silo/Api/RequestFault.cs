namespace SlungOrleans.Silo.Api;

/// <summary>Why a request is not met.</summary>
internal enum FaultKind
{
    /// <summary>It is wrong in itself.</summary>
    Invalid,

    /// <summary>Whoever asks has not signed in.</summary>
    NotSignedIn,

    /// <summary>Whoever asks may not.</summary>
    Forbidden,

    /// <summary>What it is about is not there.</summary>
    Missing,

    /// <summary>It does not fit how things stand.</summary>
    Conflict,

    /// <summary>It is larger than the lab takes.</summary>
    TooLarge,

    /// <summary>Its body is of another kind than the lab reads.</summary>
    WrongKind,

    /// <summary>The lab cannot do it now; later it may.</summary>
    Unavailable,

    /// <summary>The lab failed.</summary>
    Failed,
}

/// <summary>A request that is not met, said in one sentence for people: the same on the console and over HTTP.</summary>
internal sealed class RequestFault(FaultKind kind, string message, ImmutableArray<string> faults = default) : Exception(message)
{
    /// <summary>Why.</summary>
    public FaultKind Kind { get; } = kind;

    /// <summary>Every fault that was found, where there may be several; else the message alone.</summary>
    public ImmutableArray<string> Faults { get; } = faults.IsDefaultOrEmpty ? [message] : faults;

    public static RequestFault Invalid(string message) => new(FaultKind.Invalid, message);

    public static RequestFault Missing(string message) => new(FaultKind.Missing, message);

    public static RequestFault Conflict(string message) => new(FaultKind.Conflict, message);
}
