using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The identity of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>The id of the grain.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            IGrainBase activation => activation.GrainContext.GrainId,
            GrainReference reference => reference.GrainId,
            _ => throw new ArgumentException($"{nameof(GetGrainId)} has been called on an unexpected type: {grain.GetType().FullName}.", nameof(grain)),
        };
    }

    /// <summary>The key of the grain.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>A reference to the grain that can be handed to others.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <typeparam name="TGrainInterface">The interface to call it by.</typeparam>
    /// <exception cref="ArgumentException">It is neither, or the grain does not implement the interface.</exception>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
        where TGrainInterface : IAddressable
    {
        var id = grain.GetGrainId();
        var factory = grain is IGrainBase activation
            ? activation.GrainContext.ActivationServices.GetRequiredService<IGrainFactory>()
            : ((GrainReference)grain).Factory;
        return factory.GetGrain<TGrainInterface>(id);
    }
}
