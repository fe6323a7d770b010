namespace Orleans.Runtime;

/// <summary>Something calls can be sent to.</summary>
public interface IAddressable;

/// <summary>An activation: the living instance of a grain.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The grain's id.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain; null until it is created.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of the activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is deactivated.</summary>
    Task Deactivated { get; }

    /// <summary>Starts deactivation, which goes on once the running calls have ended.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Cancels waiting for the running calls and the token given to the grain.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
