namespace EmbeddedOrleans.Tests;

[Alias("tests-lively")]
public interface ILivelyGrain : IGrainWithStringKey
{
    /// <summary>A number that is unique to the activation.</summary>
    [Alias("activation")]
    Task<int> ActivationAsync();

    [Alias("deactivate")]
    Task<int> DeactivateAsync(string? holdAt);

    [Alias("delay")]
    Task DelayDeactivationAsync(TimeSpan time);

    [Alias("hold")]
    Task HoldAsync(string place);

    [Alias("call-when-deactivating")]
    Task CallWhenDeactivatingAsync(string other);

    [Alias("context")]
    Task<string> ContextAsync();
}

public sealed class LivelyGrain : Grain, ILivelyGrain, IAsyncDisposable
{
    private static int _activations;

    private readonly Probe _probe;
    private readonly IGrainContext _context;
    private readonly int _activation = Interlocked.Increment(ref _activations);
    private string? _callWhenDeactivating;

    public LivelyGrain(Probe probe, IGrainContext context)
    {
        _probe = probe;
        _context = context;
        _probe.Note($"{this.GetPrimaryKeyString()} created");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _probe.Note($"{key} activated");
        if (key.StartsWith("hold", StringComparison.Ordinal))
        {
            await _probe.HoldAsync($"{key} activation");
        }

        if (key.StartsWith("fail", StringComparison.Ordinal) && _probe.Count($"{key} activated") == 1)
        {
            throw new OddException("not this time", 7);
        }

        if (key.StartsWith("unwilling", StringComparison.Ordinal))
        {
            DeactivateOnIdle();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _probe.Note($"{key} deactivated: {reason.ReasonCode}");
        if (_callWhenDeactivating is { } other)
        {
            try
            {
                await GrainFactory.GetGrain<ILivelyGrain>(other).ActivationAsync();
            }
            catch (OrleansException exception)
            {
                _probe.Note($"{key} heard {exception.GetType().Name}");
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _probe.Note($"{this.GetPrimaryKeyString()} disposed");
        return ValueTask.CompletedTask;
    }

    public Task<int> ActivationAsync() => Task.FromResult(_activation);

    public async Task<int> DeactivateAsync(string? holdAt)
    {
        DeactivateOnIdle();
        if (holdAt is not null)
        {
            await _probe.HoldAsync(holdAt);
        }

        return _activation;
    }

    public Task DelayDeactivationAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task HoldAsync(string place) => _probe.HoldAsync(place);

    public Task CallWhenDeactivatingAsync(string other)
    {
        _callWhenDeactivating = other;
        return Task.CompletedTask;
    }

    public Task<string> ContextAsync() => Task.FromResult(
        ReferenceEquals(_context, GrainContext) && ReferenceEquals(_context.GrainInstance, this) ? $"{_context.GrainId} {IdentityString}" : "another context");
}

[Alias("tests-shape")]
public interface IShapeGrain : IGrainWithStringKey
{
    [Alias("name")]
    Task<string> NameAsync();
}

[Alias("tests-round")]
public interface IRoundGrain : IShapeGrain;

[GrainType("ball")]
public sealed class BallGrain : Grain, IRoundGrain
{
    public Task<string> NameAsync() => Task.FromResult($"ball {IdentityString}");
}

public sealed class BoxGrain : Grain, IShapeGrain
{
    public Task<string> NameAsync() => Task.FromResult($"box {IdentityString}");
}

[Alias("tests-nobody")]
public interface INobodyGrain : IGrainWithStringKey;

[Alias("tests-values")]
public interface IValuesGrain : IGrainWithStringKey
{
    [Alias("keep")]
    Task KeepAsync(int[] array, List<string> list, Dictionary<string, int> map, [Immutable] int[] shared);

    [Alias("sum")]
    Task<int> SumAsync();

    [Alias("list")]
    Task<List<string>> ListAsync();

    [Alias("key-of")]
    Task<string> KeyOfAsync(IValuesGrain other);

    [Alias("key-of-self")]
    Task<string> KeyOfSelfAsync(string other);
}

public sealed class ValuesGrain : Grain, IValuesGrain
{
    private int[] _array = [];
    private int[] _shared = [];
    private List<string> _list = [];
    private Dictionary<string, int> _map = [];

    public Task KeepAsync(int[] array, List<string> list, Dictionary<string, int> map, int[] shared)
    {
        (_array, _list, _map, _shared) = (array, list, map, shared);
        return Task.CompletedTask;
    }

    public Task<int> SumAsync() => Task.FromResult(_array.Sum() + _list.Count + _map.Values.Sum() + _map.GetValueOrDefault("ONE") + (1000 * _shared.Sum()));

    public Task<List<string>> ListAsync() => Task.FromResult(_list);

    public Task<string> KeyOfAsync(IValuesGrain other) => Task.FromResult(other is Grain ? "the grain itself" : other.GetPrimaryKeyString());

    public Task<string> KeyOfSelfAsync(string other) => GrainFactory.GetGrain<IValuesGrain>(other).KeyOfAsync(this);
}
