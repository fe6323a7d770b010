using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class ClusterPage : LivePage
{
    private DevicePoolView _pool = new();

    [Inject]
    public required IGrainFactory Grains { get; init; }

    protected override string Subject => "cluster";

    private IEnumerable<DeviceLease> Strays =>
        _pool.Leases.Where(lease => !_pool.Workers.Any(worker => worker.Worker == lease.Worker && worker.Devices.Contains(lease.Device)));

    protected override async Task RefreshAsync(CancellationToken cancellation) =>
        _pool = await Grains.GetGrain<IDevicePoolGrain>(Identifiers.Default).GetAsync();

    private DeviceLease? LeaseOf(WorkerOffer worker, string device) =>
        _pool.Leases.FirstOrDefault(lease => lease.Worker == worker.Worker && lease.Device == device);
}
