using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class ClusterPage : LivePage
{
    private DevicePoolView _pool = new();
    private ImmutableArray<GrainActivations> _activations = [];

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required IGrainActivations Activations { get; init; }

    protected override string Subject => "cluster";

    private IEnumerable<DeviceLease> Strays =>
        _pool.Leases.Where(lease => !_pool.Workers.Any(worker => worker.Worker == lease.Worker && worker.Devices.Contains(lease.Device)));

    private IEnumerable<string> Silos => _pool.Workers.Select(worker => worker.Silo).Union(_activations.Select(count => count.Silo)).Order(StringComparer.Ordinal);

    private IEnumerable<string> SilosWithoutWorkers => Silos.Except(_pool.Workers.Select(worker => worker.Silo));

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _pool = await ViewOfAsync<IDevicePoolGrain, DevicePoolView>(Identifiers.Default, grain => grain.GetAsync());
        _activations = await Activations.CountAsync();
    }

    private Task MoveAsync(QueueMove move) => ActAsync(() => Actions.DoAsync(
        "move", "queue", $"{move.Ticket.Key} before {move.Before?.Key ?? "nothing"}", () => Grains.GetGrain<IDevicePoolGrain>(Identifiers.Default).MoveAsync(move.Ticket, move.Before)));

    private static OfferedDevice? OfferOf(WorkerOffer worker, string device) => worker.Offered.FirstOrDefault(offered => offered.Name == device);

    private static string MemoryOf(OfferedDevice? device) => device switch
    {
        { MemoryBytes: { } bytes, Hardware: null } => $"{Format.Bytes(bytes)}, the machine's",
        { MemoryBytes: { } bytes } => Format.Bytes(bytes),
        _ => "not known",
    };

    private DeviceLease? LeaseOf(WorkerOffer worker, string device) =>
        _pool.Leases.FirstOrDefault(lease => lease.Worker == worker.Worker && lease.Device == device);
}
