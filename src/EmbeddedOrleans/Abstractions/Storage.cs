namespace Orleans.Core;

/// <summary>A piece of a grain's state in the store.</summary>
public interface IStorage
{
    /// <summary>The version that was read or written last; null if there was none.</summary>
    string? Etag { get; }

    /// <summary>Whether the store has it.</summary>
    bool RecordExists { get; }

    /// <summary>Removes it from the store and sets the state to a new instance.</summary>
    /// <exception cref="Storage.InconsistentStateException">Another writer has changed it.</exception>
    Task ClearStateAsync();

    /// <summary>Writes the state.</summary>
    /// <exception cref="Storage.InconsistentStateException">Another writer has changed it.</exception>
    Task WriteStateAsync();

    /// <summary>Reads the state; a new instance if there is none.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    /// <param name="cancellationToken">Cancels it while it has not begun.</param>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    /// <param name="cancellationToken">Cancels it while it has not begun.</param>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    /// <param name="cancellationToken">Cancels it while it has not begun.</param>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>A piece of a grain's state in the store.</summary>
/// <typeparam name="TState">Its type.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state as the grain has it.</summary>
    TState State { get; set; }
}
