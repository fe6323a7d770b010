namespace SlungOrleans.Training;

/// <summary>What is wrong with a device.</summary>
public enum DeviceFault
{
    /// <summary>The engine's native library cannot be loaded.</summary>
    NoLibrary,

    /// <summary>There is no driver for such a device, or no such device.</summary>
    NoDevice,

    /// <summary>Driver, library and device do not go together.</summary>
    WrongVersion,

    /// <summary>More memory was asked for than is free.</summary>
    OutOfMemory,

    /// <summary>The device has stopped answering or has failed; the process can use it no more.</summary>
    Lost,
}

/// <summary>A device cannot be used, or not any more. The message says what was found and what would help.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="device">The device, for example <c>cuda:0</c>.</param>
/// <param name="message">What was found and what would help.</param>
/// <param name="inner">What the library said.</param>
public sealed class DeviceException(DeviceFault fault, string device, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public DeviceFault Fault { get; } = fault;

    /// <summary>The device.</summary>
    public string Device { get; } = device;
}
