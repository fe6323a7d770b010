using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <inheritdoc cref="IDevicePoolGrain"/>
internal sealed partial class DevicePoolGrain(
    [PersistentState("device-pool", GrainStorage.Name)] IPersistentState<DevicePoolGrainState> state,
    IOptions<DevicePoolOptions> options,
    TimeProvider time,
    ILogger<DevicePoolGrain> logger)
    : Grain, IDevicePoolGrain
{
    private const int ChecksPerLoss = 5;

    private readonly Dictionary<string, (WorkerOffer Offer, DateTimeOffset Seen)> _workers = [];
    private DateTimeOffset _activated;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _activated = time.GetUtcNow();
        var period = LostAfter / ChecksPerLoss;
        this.RegisterGrainTimer(DropLostWorkersAsync, new GrainTimerCreationOptions(period, period) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public async Task OfferAsync(WorkerOffer offer)
    {
        // A new process of the same silo: the one before it is gone, whatever it held.
        foreach (var before in _workers.Values.Where(worker => worker.Offer.Silo == offer.Silo && worker.Offer.Worker != offer.Worker).ToList())
        {
            _workers.Remove(before.Offer.Worker);
        }

        _workers[offer.Worker] = (offer, time.GetUtcNow());
        await TakeBackAsync(lease => lease.Worker != offer.Worker && SiloOf(lease.Worker) == offer.Silo);
    }

    public async Task LeaveAsync(string worker)
    {
        _workers.Remove(worker);
        await TakeBackAsync(lease => lease.Worker == worker);
    }

    public async Task EnqueueAsync(WorkTicket ticket)
    {
        // Even while it is leased: an attempt that has failed is queued again before its worker gives the device back.
        if (State.Queue.Contains(ticket))
        {
            return;
        }

        // What others wait for goes first; among equals, first come, first served.
        State.Queue = ticket.Kind == WorkKind.Train ? State.Queue.Add(ticket) : State.Queue.Insert(FirstTraining(State.Queue), ticket);
        await this.WriteOrForgetAsync(state);
    }

    public async Task WithdrawAsync(WorkTicket ticket)
    {
        if (State.Queue.Contains(ticket))
        {
            State.Queue = State.Queue.Remove(ticket);
            await this.WriteOrForgetAsync(state);
        }
    }

    public async Task MoveAsync(WorkTicket ticket, WorkTicket? before)
    {
        foreach (var waiting in new[] { ticket, before ?? ticket })
        {
            if (!State.Queue.Contains(waiting))
            {
                throw new LabException($"'{waiting.Key}' does not wait in the queue any more.");
            }
        }

        var others = State.Queue.Remove(ticket);
        var moved = before is null ? others.Add(ticket) : before == ticket ? State.Queue : others.Insert(others.IndexOf(before), ticket);
        if (!moved.SequenceEqual(State.Queue))
        {
            State.Queue = moved;
            await this.WriteOrForgetAsync(state);
        }
    }

    public async Task<DeviceLease?> AcquireAsync(string worker, string device)
    {
        if (!_workers.TryGetValue(worker, out var known) || !known.Offer.Devices.Contains(device))
        {
            return null;
        }

        // A worker asks for a device that is idle: it was not reached by the answer, or could not say how the work ended.
        if (State.Leases.FirstOrDefault(lease => lease.Worker == worker && lease.Device == device) is { } held)
        {
            return held;
        }

        // Work that is asked for again waits until its lease has ended; work for another kind of device lets others by.
        var leased = State.Leases.Select(lease => lease.Ticket).ToHashSet();
        if (State.Queue.FirstOrDefault(candidate => !leased.Contains(candidate) && DeviceName.Serves(device, candidate.Device)) is not { } ticket)
        {
            return null;
        }

        var lease = new DeviceLease(ticket, worker, device);
        State.Queue = State.Queue.Remove(ticket);
        State.Leases = State.Leases.Add(lease);
        await this.WriteOrForgetAsync(state);
        return lease;
    }

    public async Task ReleaseAsync(DeviceLease lease)
    {
        if (State.Leases.Contains(lease))
        {
            State.Leases = State.Leases.Remove(lease);
            await this.WriteOrForgetAsync(state);
        }
    }

    public Task<DevicePoolView> GetAsync() => Task.FromResult(new DevicePoolView
    {
        Workers = [.. _workers.Values.Select(worker => worker.Offer).OrderBy(offer => offer.Silo, StringComparer.Ordinal)],
        Leases = State.Leases,
        Queue = State.Queue,
    });

    private DevicePoolGrainState State => state.State;

    private TimeSpan LostAfter => options.Value.WorkerLostAfter;

    /// <summary>Workers are named silo/process.</summary>
    private static string SiloOf(string worker) => worker[..Math.Max(0, worker.LastIndexOf('/'))];

    private static int FirstTraining(ImmutableArray<WorkTicket> queue) => queue.TakeWhile(ticket => ticket.Kind != WorkKind.Train).Count();

    private async Task DropLostWorkersAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var worker in _workers.Values.Where(worker => now - worker.Seen > LostAfter).ToList())
        {
            _workers.Remove(worker.Offer.Worker);
        }

        // After a restart of this grain workers get the time to make themselves known.
        if (now - _activated > LostAfter)
        {
            await TakeBackAsync(lease => !_workers.ContainsKey(lease.Worker));
        }
    }

    private async Task TakeBackAsync(Func<DeviceLease, bool> lost)
    {
        var leases = State.Leases.Where(lost).ToList();
        if (leases.Count == 0)
        {
            return;
        }

        State.Leases = State.Leases.RemoveAll(leases.Contains);
        var back = leases.Select(lease => lease.Ticket).Except(State.Queue).Except(State.Leases.Select(lease => lease.Ticket)).ToList();

        // Before others of their kind.
        var queue = State.Queue.InsertRange(FirstTraining(State.Queue), back.Where(ticket => ticket.Kind == WorkKind.Train));
        State.Queue = queue.InsertRange(0, back.Where(ticket => ticket.Kind != WorkKind.Train));
        await this.WriteOrForgetAsync(state);
        foreach (var lease in leases)
        {
            LogTakenBack(logger, lease.Ticket.Kind, lease.Ticket.Key, lease.Worker);

            // Not awaited: that grain may be waiting for this one. If the call is lost, the next start says the same.
            _ = TellAsync(lease);
        }
    }

    private async Task TellAsync(DeviceLease lease)
    {
        try
        {
            await WorkGrains.Of(GrainFactory, lease.Ticket).WorkerLostAsync(lease.Worker);
        }
        catch (Exception exception)
        {
            LogTellFailed(logger, exception, lease.Ticket.Kind, lease.Ticket.Key);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Kind} {Key} is back in the queue: worker {Worker} is gone.")]
    private static partial void LogTakenBack(ILogger logger, WorkKind kind, string key, string worker);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Key} could not be told that its worker is gone.")]
    private static partial void LogTellFailed(ILogger logger, Exception exception, WorkKind kind, string key);
}

[GenerateSerializer, Alias("device-pool-grain-state")]
internal sealed class DevicePoolGrainState
{
    [Id(0)] public ImmutableArray<WorkTicket> Queue { get; set; } = [];

    [Id(1)] public ImmutableArray<DeviceLease> Leases { get; set; } = [];
}
