using System.CommandLine;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Grains;
using SlungOrleans.Silo.Api;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Commands;

/// <summary>Settings given on the command line; null where none was given.</summary>
internal sealed record CommandSettings(string? Data, int? Devices);

/// <summary>A lab for the length of one command: in this process and without a dashboard, or one that runs and is asked over HTTP.</summary>
internal sealed class LabSession : IAsyncDisposable
{
    private readonly IHost? _host;
    private bool _started;

    private LabSession(IHost host)
    {
        _host = host;
        Lab = LocalLab.Of(host.Services, $"{Environment.UserName} (command line)");
    }

    private LabSession(RemoteLab lab) => Lab = lab;

    /// <summary>What the command asks.</summary>
    public ILab Lab { get; }

    /// <summary>Whether the work goes on without this process.</summary>
    public bool IsElsewhere => _host is null || GrainHosting.IsCluster;

    /// <summary>Where the work goes on, for a sentence.</summary>
    public string Elsewhere => Lab is RemoteLab remote ? $"in the lab at {remote.Address}" : "in the cluster";

    /// <summary>Whether the lab is in this process.</summary>
    public bool IsHere => _host is not null;

    /// <summary>The lab's own parts, for what cannot be asked from elsewhere.</summary>
    /// <param name="refusal">A sentence that says why it cannot, and what to do instead.</param>
    /// <exception cref="LabException">The lab is elsewhere.</exception>
    public IServiceProvider Here(string refusal) => _host?.Services ?? throw new LabException(refusal);

    public static CommandSettings SettingsOf(ParseResult result) => new(result.GetValue(LabCommands.Data), result.GetValue(LabCommands.Devices));

    /// <summary>Runs a command within a session. What is wrong with the input is said in one sentence, with exit code 1.</summary>
    public static async Task<int> RunAsync(ParseResult result, Func<LabSession, Task<int>> command, bool works = true)
    {
        try
        {
            if (result.GetValue(LabCommands.Server) is { } server)
            {
                return await RunElsewhereAsync(result, server, command);
            }

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

    private static async Task<int> RunElsewhereAsync(ParseResult result, string server, Func<LabSession, Task<int>> command)
    {
        if (result.GetValue(LabCommands.Data) is not null || result.GetValue(LabCommands.Devices) is not null)
        {
            throw new LabException("--server names a lab that runs, which has its own data folder and devices; expected without --data and --devices.");
        }

        using var lab = new RemoteLab(server, result.GetValue(LabCommands.Token) ?? Environment.GetEnvironmentVariable(LabCommands.TokenVariable));
        await using var session = new LabSession(lab);
        return await command(session);
    }

    /// <summary>Whether a silence of the lab is a reason to ask again, and not to give up.</summary>
    public bool IsPassing(Exception exception) => Lab is RemoteLab remote
        ? remote.HasAnswered && exception is RequestFault { Kind: FaultKind.Unavailable }
        : GrainHosting.IsCluster && exception is OrleansException or TimeoutException;

    /// <summary>Waits for work, or for the disk to be full: then the work's own grain cannot say any more that it failed.</summary>
    /// <exception cref="LabException">The disk is full.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> watch, CancellationToken cancellation)
    {
        if (_host is null)
        {
            return await watch(cancellation);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = watch(stop.Token);
        var exhausted = _host.Services.GetRequiredService<FreeSpace>().Exhausted;
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
            await _host!.StopAsync();
        }

        _host?.Dispose();
    }

    internal static bool IsInputError(Exception exception) =>
        exception is LabException or RequestFault or OptionsValidationException or OrleansConfigurationException or CorpusFormatException or BlobStoreException or HuggingFaceException or SafetensorsException or DeviceException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>What is wrong, each fault in a line of its own.</summary>
    internal static string MessageOf(Exception exception) => exception switch
    {
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        RequestFault fault => string.Join(Environment.NewLine, fault.Faults),
        _ => exception.Message,
    };

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

        var silo = _host!.Services.GetRequiredService<IOptions<LabOptions>>().Value.SiloName;
        var grains = _host.Services.GetRequiredService<IGrainFactory>();
        var pool = grains.GetGrain<IDevicePoolGrain>(Identifiers.Default);
        var leases = (await pool.GetAsync()).Leases;
        var offer = new WorkerOffer { Worker = $"{silo}/{Guid.NewGuid():N}", Silo = silo };
        await pool.OfferAsync(offer);
        foreach (var lease in leases)
        {
            await WorkGrains.Of(grains, lease.Ticket).WorkerLostAsync(lease.Worker);
        }

        await pool.LeaveAsync(offer.Worker);
    }

    private async Task StartAsync()
    {
        try
        {
            await _host!.StartAsync();
        }
        catch (OrleansConfigurationException exception) when (exception.InnerException is IOException)
        {
            throw new LabException($"{exception.Message} To ask a lab that runs there, give --server and its address, for example --server http://127.0.0.1:5080.");
        }
        catch (OrleansException exception) when (GrainHosting.IsCluster)
        {
            throw new LabException($"No silo of cluster '{_host!.Services.GetRequiredService<IOptions<LabOptions>>().Value.ClusterId}' answers: {exception.Message}");
        }

        _started = true;
    }
}
