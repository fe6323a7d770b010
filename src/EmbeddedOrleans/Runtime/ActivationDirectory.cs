using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Storage;

namespace Orleans.Runtime;

// All activations: at most one of a grain.
internal sealed class ActivationDirectory(
    GrainCatalog catalog, Database database, IServiceScopeFactory scopes, IOptions<EmbeddedOrleansOptions> options, ILoggerFactory loggers)
{
    private static readonly TimeSpan ShortestCollectionPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestCollectionPeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private volatile string? _whyNot = "The host of the grains has not been started.";
    private Timer? _collector;

    public Database Database => database;

    public TimeSpan ResponseTimeout => options.Value.ResponseTimeout;

    public TimeSpan ActivationTimeout => options.Value.ActivationTimeout;

    public TimeSpan DeactivationTimeout => options.Value.DeactivationTimeout;

    public ILogger Logger { get; } = loggers.CreateLogger("Orleans.Activation");

    public ILogger CallLogger { get; } = loggers.CreateLogger("Orleans.Call");

    public ILogger TimerLogger { get; } = loggers.CreateLogger("Orleans.Timer");

    public AsyncServiceScope CreateScope() => scopes.CreateAsyncScope();

    public Dictionary<GrainType, int> CountByType() => _activations.Keys.CountBy(grain => grain.Type).ToDictionary();

    public void Start()
    {
        _whyNot = null;
        var period = TimeSpan.FromTicks(Math.Clamp(options.Value.CollectionAge.Ticks / 2, ShortestCollectionPeriod.Ticks, LongestCollectionPeriod.Ticks));
        _collector = new(_ => CollectIdle(), null, period, period);
    }

    public void Send(GrainId grain, Request request)
    {
        while (_whyNot is null)
        {
            catalog.TryGetClass(grain.Type, out var grainClass);
            var activation = _activations.GetOrAdd(grain, static (id, of) => new Activation(id, of.Class, of.Directory), (Class: grainClass!, Directory: this));
            if (activation.TryReceive(request))
            {
                return;
            }
        }

        request.Reject(new SiloUnavailableException($"{_whyNot} The call of {grain} was not made."));
    }

    public void Remove(Activation activation) => _activations.TryRemove(new(activation.GrainId, activation));

    // Deactivates everything. What has not ended when the time is up is left alone, and its callers are told.
    public async Task StopAsync(CancellationToken cancellation)
    {
        _whyNot = "The host of the grains is stopping or stopped.";
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DeactivationTimeout);
        while (!_activations.IsEmpty)
        {
            var activations = _activations.Values;
            foreach (var activation in activations)
            {
                activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The host of the grains is stopping."), limit.Token);
            }

            var ended = Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(limit.Token);
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (limit.IsCancellationRequested)
            {
                foreach (var stuck in _activations.Values)
                {
                    Log.Abandoned(Logger, stuck.GrainId);
                    stuck.Abandon(new SiloUnavailableException($"The host of the grains has stopped before the call of {stuck.GrainId} ended."));
                }
            }
        }
    }

    private void CollectIdle()
    {
        foreach (var (_, activation) in _activations)
        {
            if (activation.IsIdle(options.Value.CollectionAge))
            {
                activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, $"The grain was not called for {options.Value.CollectionAge}."));
            }
        }
    }
}
