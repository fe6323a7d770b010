using Microsoft.AspNetCore.Components.Server.Circuits;

namespace SlungOrleans.Dashboard.Components;

/// <summary>
/// Whether there is a browser at the other end of the pages of one tab. A tab that crashes, or loses its network, is kept for some minutes in case
/// it comes back; nothing is read for it meanwhile.
/// </summary>
public sealed class BrowserConnection : CircuitHandler
{
    /// <summary>The connection was lost or has come back. Called on any thread.</summary>
    public event Action? Changed;

    public bool IsUp { get; private set; } = true;

    /// <summary>How many pages listen; one that listened on after it was closed would be kept as long as its tab is open.</summary>
    internal int Listeners => Changed?.GetInvocationList().Length ?? 0;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Become(up: true);

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Become(up: false);

    internal Task Become(bool up)
    {
        IsUp = up;
        Changed?.Invoke();
        return Task.CompletedTask;
    }
}
