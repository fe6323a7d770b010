using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Grains;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>
/// Offers this silo's devices to the pool, takes leases and does the work they stand for, each on a thread of its own. Grains are only ever told:
/// started, how far, ended.
/// </summary>
internal sealed partial class DeviceWorker(IGrainFactory grains, IEnumerable<IWork> works, Engines engines, TrainingMemory memory, FreeSpace freeSpace, IOptions<LabOptions> options, ILogger<DeviceWorker> logger)
    : BackgroundService
{
    private const int OffersPerLoss = 5;
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);
    private const int FinishAttempts = 20;

    private readonly Dictionary<WorkKind, IWork> _works = works.ToDictionary(work => work.Kind);

    /// <summary>Devices that failed: this process can use them no more, and offers them no more.</summary>
    private readonly ConcurrentDictionary<string, bool> _lost = [];
    private readonly string _worker = $"{options.Value.SiloName}/{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host goes on starting while this waits for its grains.
        await Task.Yield();
        var offered = engines.FindDevices().Select(device => Engines.Describe(device, memory.MachineBytes)).ToImmutableArray();
        var offer = new WorkerOffer
        {
            Worker = _worker,
            Silo = options.Value.SiloName,
            Devices = [.. offered.Select(device => device.Name)],
            Engine = offered.FirstOrDefault()?.Engine ?? "",
            Offered = offered,
        };
        await Task.WhenAll(offer.Devices.Select(device => ServeAsync(device, stoppingToken)).Append(OfferAsync(offer, stoppingToken)));
        try
        {
            await Pool.LeaveAsync(_worker);
        }
        catch (Exception exception)
        {
            LogLeaveFailed(logger, exception);
        }
    }

    private IDevicePoolGrain Pool => grains.GetGrain<IDevicePoolGrain>(Identifiers.Default);

    private async Task OfferAsync(WorkerOffer offer, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Value.WorkerLostAfter / OffersPerLoss);
        do
        {
            await TryAsync(() => Pool.OfferAsync(offer with
            {
                Devices = offer.Devices.RemoveAll(_lost.ContainsKey),
                Offered = offer.Offered.RemoveAll(device => _lost.ContainsKey(device.Name)),
            }));
        }
        while (await TickAsync(timer, stop));
    }

    private async Task ServeAsync(string device, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(IdlePeriod);
        do
        {
            await TryAsync(async () =>
            {
                while (!stop.IsCancellationRequested && !_lost.ContainsKey(device) && await Pool.AcquireAsync(_worker, device) is { } lease)
                {
                    // Not given back if it fails: the pool then answers with the same lease, and the work's grain learns in the end how it stands.
                    await WorkAsync(lease, stop);
                    await Pool.ReleaseAsync(lease);
                }
            });
        }
        while (!_lost.ContainsKey(device) && await TickAsync(timer, stop));
    }

    private async Task WorkAsync(DeviceLease lease, CancellationToken stop)
    {
        var grain = WorkGrains.Of(grains, lease.Ticket);
        if (await grain.StartAsync(lease) is not { } assignment)
        {
            return;
        }

        LogWorks(logger, lease.Ticket.Kind, lease.Ticket.Key, assignment.Epoch, lease.Device);
        using var stopWork = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var context = new WorkContext(lease, assignment.Epoch, options.Value.ThreadsPerDevice, stopWork.Token);
        var work = Task.Factory.StartNew(() => Run(context, lease.Ticket.Kind), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var lost = false;
        var wentOn = context.WentOn;
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, wentOn, Task.Delay(ReportPeriod, CancellationToken.None));
            wentOn = wentOn.IsCompleted ? work : wentOn;
            await TryAsync(async () =>
            {
                var directive = await grain.ReportAsync(assignment.Epoch, context.Progress);
                lost |= directive == WorkDirective.Lost;
                if (directive != WorkDirective.Continue)
                {
                    await stopWork.CancelAsync();
                }
            });
        }

        var outcome = await work;
        if (!lost)
        {
            await FinishAsync(grain, assignment.Epoch, outcome, stop);
        }
    }

    /// <summary>The end of an attempt must arrive, or the work would look as if it ran for ever.</summary>
    private async Task FinishAsync(IWorkGrain grain, long epoch, WorkOutcome outcome, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await grain.FinishAsync(epoch, outcome);
                return;
            }
            catch (Exception exception) when (attempt < FinishAttempts && !stop.IsCancellationRequested)
            {
                NoteFailedCall(exception);
                await Task.Delay(ReportPeriod, CancellationToken.None);
            }
        }
    }

    private WorkOutcome Run(WorkContext context, WorkKind kind)
    {
        try
        {
            return _works[kind].Run(context);
        }
        catch (Exception exception)
        {
            if (exception is DeviceException { Fault: DeviceFault.Lost })
            {
                _lost.TryAdd(context.Device, true);
                LogDeviceLost(logger, context.Device);
            }

            var outcome = Failures.ToOutcome(exception);
            if (outcome.State == WorkState.Failed)
            {
                // Where the input is at fault its sentence says all; where it comes from matters only for what was not foreseen.
                LogWorkFailed(logger, outcome.Failure == FailureKind.Unexpected ? exception : null, kind, context.Key, outcome.Failure, outcome.Message);
            }

            return outcome;
        }
    }

    /// <summary>A grain call that fails now is made again at the next tick; what it was about is not lost by that.</summary>
    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception)
        {
            NoteFailedCall(exception);
        }
    }

    private void NoteFailedCall(Exception exception)
    {
        if (freeSpace.IsNewlyExhausted())
        {
            LogExhausted(logger, freeSpace.Exhausted.Result);
        }
        else if (!freeSpace.Exhausted.IsCompleted)
        {
            LogCallFailed(logger, exception);
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Works on {Kind} {Key}, attempt {Epoch}, on {Device}.")]
    private static partial void LogWorks(ILogger logger, WorkKind kind, string key, long epoch, string device);

    [LoggerMessage(LogLevel.Critical, "Device {Device} is lost; this silo offers it no more until it is started again.")]
    private static partial void LogDeviceLost(ILogger logger, string device);

    [LoggerMessage(LogLevel.Critical, "{Reason}")]
    private static partial void LogExhausted(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "A call to a grain failed; it is made again.")]
    private static partial void LogCallFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The device pool could not be told that this worker leaves; it will find out.")]
    private static partial void LogLeaveFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Kind} {Key} failed ({Failure}): {Message}")]
    private static partial void LogWorkFailed(ILogger logger, Exception? exception, WorkKind kind, string key, FailureKind failure, string message);
}
