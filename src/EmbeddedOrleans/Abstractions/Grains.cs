using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks an interface whose methods are calls of a grain.</summary>
public interface IGrain : IAddressable;

/// <summary>Marks a grain interface whose grains are named by strings.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>What every grain class is to the runtime.</summary>
public interface IGrainBase
{
    /// <summary>The activation that the grain lives in.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called once before the first call of an activation.</summary>
    /// <param name="token">Cancelled when activation takes too long.</param>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Called once after the last call of an activation; not called when the process dies.</summary>
    /// <param name="reason">Why it is deactivated.</param>
    /// <param name="token">Cancelled when deactivation takes too long.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

/// <summary>Gives references to grains; a grain is activated by its first call.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain of that interface and key.</summary>
    /// <param name="primaryKey">The key, not empty.</param>
    /// <param name="grainClassNamePrefix">The start of the full name of the grain class, where several classes implement the interface.</param>
    /// <exception cref="ArgumentException">No class, or more than one, implements the interface; or the key is empty.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference to the grain of that interface and key.</summary>
    /// <param name="grainInterfaceType">The interface.</param>
    /// <param name="grainPrimaryKey">The key, not empty.</param>
    /// <exception cref="ArgumentException">No class, or more than one, implements the interface; or the key is empty.</exception>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);

    /// <summary>A reference to the grain of that id.</summary>
    /// <param name="grainId">The id.</param>
    /// <exception cref="ArgumentException">There is no such type of grain, or its class does not implement the interface.</exception>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;
}

/// <summary>A grain factory for code that is not a grain.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the process.</summary>
    IServiceProvider ServiceProvider { get; }
}

/// <summary>A grain that can have reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>A reminder of this grain is due. The grain is activated for it if need be.</summary>
    /// <param name="reminderName">The reminder's name.</param>
    /// <param name="status">When it ticked.</param>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
