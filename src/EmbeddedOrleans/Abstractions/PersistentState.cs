using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>A named piece of a grain's state, read before activation.</summary>
/// <typeparam name="TState">Its type; has a constructor without parameters.</typeparam>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Asks for a piece of persistent state in a grain's constructor.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="storageName">The name of the store; this host has one store and takes any name for it.</param>
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    /// <summary>The name of the state.</summary>
    public string StateName { get; }

    /// <summary>The name of the store.</summary>
    public string? StorageName { get; }
}
