using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

/// <summary>The grains on a real host with a real SQLite file, which can be stopped and started again.</summary>
internal sealed class GrainHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slungorleans-").FullName;
    private readonly TimeProvider _time;
    private IHost? _host;

    private GrainHost(TimeProvider time) => _time = time;

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public IDevicePoolGrain Pool => Grains.GetGrain<IDevicePoolGrain>(Identifiers.Default);

    public static async Task<GrainHost> StartAsync(TimeProvider? time = null)
    {
        var host = new GrainHost(time ?? TimeProvider.System);
        await host.StartAgainAsync();
        return host;
    }

    public async Task StartAgainAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(_time);
        builder.UseEmbeddedOrleans(orleans =>
        {
            orleans.DatabasePath = Path.Combine(_folder, "grains.db");
            orleans.GrainAssemblies.Add(typeof(WorkGrains).Assembly);
        });
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        _host = null;
    }

    /// <summary>A worker with one device that has offered it.</summary>
    public async Task<TestWorker> JoinAsync(string silo, string process = "1")
    {
        var worker = new TestWorker(Grains, Pool, $"{silo}/{process}");
        await Pool.OfferAsync(new WorkerOffer { Worker = worker.Name, Silo = silo, Devices = [TestWorker.Device] });
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A worker that speaks to the grains as the silo's does, and does what a test says.</summary>
internal sealed class TestWorker(IGrainFactory grains, IDevicePoolGrain pool, string name)
{
    public const string Device = "cpu:0";

    public string Name => name;

    /// <summary>The next lease, waited for.</summary>
    public async Task<(DeviceLease Lease, IWorkGrain Grain, long Epoch)> TakeAsync()
    {
        while (true)
        {
            DeviceLease? lease = null;
            await Wait.UntilAsync(async () => (lease = await pool.AcquireAsync(name, Device)) is not null, $"work for {name}");
            var grain = WorkGrains.Of(grains, lease!.Ticket);
            if (await grain.StartAsync(lease) is { } assignment)
            {
                return (lease, grain, assignment.Epoch);
            }

            await pool.ReleaseAsync(lease);
        }
    }

    public async Task<WorkTicket> FinishNextAsync(Func<WorkTicket, WorkOutcome> outcome)
    {
        var (lease, grain, epoch) = await TakeAsync();
        await grain.ReportAsync(epoch, new WorkProgress { Stage = "working", Done = 1, Total = 1 });
        await grain.FinishAsync(epoch, outcome(lease.Ticket));
        await pool.ReleaseAsync(lease);
        return lease.Ticket;
    }
}

/// <summary>A clock that stands still until it is put forward.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}

/// <summary>Waits for a condition, and says what was awaited if it does not come.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(Func<Task<bool>> condition, string awaited)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var end = DateTime.UtcNow + Limit;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"Waited {Limit} for {awaited}.");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
