using System.CommandLine;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Grains;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Commands;

/// <summary>Settings given on the command line; null where none was given.</summary>
internal sealed record CommandSettings(string? Data, int? Devices);

/// <summary>A lab without a dashboard, for the length of one command.</summary>
internal sealed class LabSession(IHost host) : IAsyncDisposable
{
    private bool _started;

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public IStudyLauncher Launcher => host.Services.GetRequiredService<IStudyLauncher>();

    public IArtefactReader Artefacts => host.Services.GetRequiredService<IArtefactReader>();

    private IAuditLog AuditLog => host.Services.GetRequiredService<IAuditLog>();

    private static string User => $"{Environment.UserName} (command line)";

    public IBlobStore Store => host.Services.GetRequiredService<IBlobStore>();

    public IStudyAdvisor Advisor => host.Services.GetRequiredService<IStudyAdvisor>();

    public int Devices => host.Services.GetRequiredService<IOptions<LabOptions>>().Value.Devices;

    public IEngine Engine => host.Services.GetRequiredService<IEngine>();

    public RunVerifier Verifier => host.Services.GetRequiredService<RunVerifier>();

    public static CommandSettings SettingsOf(ParseResult result) => new(result.GetValue(LabCommands.Data), result.GetValue(LabCommands.Devices));

    /// <summary>Runs a command within a session. What is wrong with the input is said in one sentence, with exit code 1.</summary>
    public static async Task<int> RunAsync(ParseResult result, Func<LabSession, Task<int>> command, bool works = true)
    {
        try
        {
            var settings = SettingsOf(result);
            await using var session = new LabSession(LabHost.CreateHeadless(works ? settings : settings with { Devices = 0 }));
            await session.StartAsync();
            if (!works)
            {
                await session.TakeBackAsync();
            }

            return await command(session);
        }
        catch (Exception exception) when (IsInputError(exception))
        {
            ErrorConsole.WriteLine(MessageOf(exception));
            return 1;
        }
    }

    /// <summary>Does what changes the lab, and writes into its audit log who asked for it.</summary>
    public Task DoAsync(string action, string kind, string id, Func<Task> work) => AuditLog.DoAsync(User, action, kind, id, work);

    /// <summary>As the other, for work that has a result.</summary>
    public Task<T> DoAsync<T>(string action, string kind, string id, Func<Task<T>> work) => AuditLog.DoAsync(User, action, kind, id, work);

    /// <summary>Waits for work, or for the disk to be full: then the work's own grain cannot say any more that it failed.</summary>
    /// <exception cref="LabException">The disk is full.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> watch, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = watch(stop.Token);
        var exhausted = host.Services.GetRequiredService<FreeSpace>().Exhausted;
        if (await Task.WhenAny(watching, exhausted) == exhausted)
        {
            await stop.CancelAsync();
            throw new LabException(await exhausted);
        }

        return await watching;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started)
        {
            await host.StopAsync();
        }

        host.Dispose();
    }

    internal static bool IsInputError(Exception exception) =>
        exception is LabException or OptionsValidationException or CorpusFormatException or BlobStoreException or HuggingFaceException or SafetensorsException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>What is wrong, each fault in a line of its own.</summary>
    internal static string MessageOf(Exception exception) =>
        exception is OptionsValidationException options ? string.Join(Environment.NewLine, options.Failures) : exception.Message;

    /// <summary>
    /// Where this process alone has the grains, no worker can be alive: what they had is not running any more, and is said to be so. With workers
    /// of its own the lab does that by itself.
    /// </summary>
    private async Task TakeBackAsync()
    {
        if (GrainHosting.IsCluster)
        {
            return;
        }

        var silo = host.Services.GetRequiredService<IOptions<LabOptions>>().Value.SiloName;
        var pool = Grains.GetGrain<IDevicePoolGrain>(Identifiers.Default);
        var leases = (await pool.GetAsync()).Leases;
        var offer = new WorkerOffer { Worker = $"{silo}/{Guid.NewGuid():N}", Silo = silo };
        await pool.OfferAsync(offer);
        foreach (var lease in leases)
        {
            await WorkGrains.Of(Grains, lease.Ticket).WorkerLostAsync(lease.Worker);
        }

        await pool.LeaveAsync(offer.Worker);
    }

    private async Task StartAsync()
    {
        try
        {
            await host.StartAsync();
        }
        catch (OrleansException exception) when (GrainHosting.IsCluster)
        {
            throw new LabException($"No silo of cluster '{host.Services.GetRequiredService<IOptions<LabOptions>>().Value.ClusterId}' answers: {exception.Message}");
        }

        _started = true;
    }
}
