namespace Orleans.Runtime;

/// <summary>A failure of the runtime.</summary>
public class OrleansException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A call was refused without being run.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The host is not running: not started yet, stopping or stopped.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Creates the exception.</summary>
    public SiloUnavailableException()
        : base("Silo unavailable")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="msg">What happened.</param>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The host's settings, or the grain classes, are at fault.</summary>
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Every fault.</param>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Every fault.</param>
    /// <param name="innerException">Why.</param>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A reminder could not be changed.</summary>
public sealed class ReminderException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public ReminderException(string message)
        : base(message)
    {
    }
}
