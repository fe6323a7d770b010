using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of grain classes. Its methods run one turn at a time, in the activation's own scheduler.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Creates the grain; the runtime calls it.</summary>
    protected Grain()
        : this(RuntimeContext.Current ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process."))
    {
    }

    /// <summary>Creates the grain in a given activation.</summary>
    /// <param name="grainContext">The activation.</param>
    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    /// <summary>The activation that the grain lives in.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>The grain's type and key.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>Gives references to other grains.</summary>
    protected IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The services of the activation.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <summary>Called once before the first call of an activation, after its persistent state is read. If it fails, so do the calls that wait for it.</summary>
    /// <param name="cancellationToken">Cancelled when activation takes too long.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called once after the last call of an activation; not called when the process dies.</summary>
    /// <param name="reason">Why it is deactivated.</param>
    /// <param name="cancellationToken">Cancelled when deactivation takes too long.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Asks for deactivation once the running calls have ended.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps the activation from being collected as idle for a time.</summary>
    /// <param name="timeSpan">How long from now; negative to take an earlier delay back.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => ((Activation)GrainContext).DelayDeactivation(timeSpan);
}
