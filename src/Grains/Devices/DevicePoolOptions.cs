namespace SlungOrleans.Grains;

/// <summary>Settings of the device pool.</summary>
public sealed class DevicePoolOptions
{
    /// <summary>A worker that has not been heard of for so long is gone. Default: 10 s; workers are to be heard of five times as often.</summary>
    public TimeSpan WorkerLostAfter { get; set; } = TimeSpan.FromSeconds(10);
}
