using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>
/// A page that reads its subject every second, or more seldom, while it is open in a browser that is connected, and leaves nothing behind when it is closed. What
/// was read last stays on the page when a reading fails.
/// </summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _oneReadingAtATime = new(1, 1);
    private Task _ticking = Task.CompletedTask;
    private CancellationTokenSource? _disconnected;
    private int _changes;
    private string? _subject;
    private bool _readsAnew;

    protected LivePage() => Closed = _closed.Token;

    [Inject]
    public required IGrainFactory Grains { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<LivePage> Log { get; init; }

    [Inject]
    public required LiveSubscriptions Subscriptions { get; init; }

    [Inject]
    public required BrowserConnection Connection { get; init; }

    /// <summary>Whether the subject has been read.</summary>
    protected bool Loaded { get; private set; }

    /// <summary>Why the last reading failed; null if it did not.</summary>
    protected string? Fault { get; private set; }

    /// <summary>Why what was asked for last was not done; null if it was.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>Whether what a button asked for is under way.</summary>
    protected bool Acting { get; private set; }

    /// <summary>The time that the page shows.</summary>
    protected DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>What the page shows; when it changes, the page starts anew.</summary>
    protected abstract string Subject { get; }

    /// <summary>Every how many seconds the page is read anew; at least 1.</summary>
    protected virtual int SecondsPerReading => 1;

    /// <summary>Cancelled when the page is closed.</summary>
    protected CancellationToken Closed { get; }

    /// <summary>Forgets what was read of another subject.</summary>
    protected virtual void Reset()
    {
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task RefreshAsync(CancellationToken cancellation);

    /// <summary>Asks a grain how it stands: together with other pages that ask the same at this time, except when this page is opened and after its own actions.</summary>
    protected Task<TView> ViewOfAsync<TGrain, TView>(string key, Func<TGrain, Task<TView>> ask)
        where TGrain : IGrainWithStringKey =>
        Subscriptions.ReadAsync((typeof(TGrain), key, typeof(TView)), _readsAnew, () => ask(Grains.GetGrain<TGrain>(key)));

    protected override async Task OnParametersSetAsync()
    {
        if (_subject != Subject)
        {
            _subject = Subject;
            Loaded = false;
            Refusal = null;
            await ReadAsync(reset: true, anew: true);
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            Connection.Changed += OnConnectionChanged;
            _ticking = FollowAsync(readFirst: false);
        }
    }

    /// <summary>Does what a button asks for, then reads the subject again.</summary>
    protected async Task ActAsync(Func<Task> action)
    {
        if (Acting)
        {
            return;
        }

        Acting = true;
        Refusal = await FaultOfAsync(action);
        Acting = false;
        await ReadAsync(reset: false, anew: true);
    }

    // Another task than the caller's: it speaks for the connection, which is not to wait for a page.
    private void OnConnectionChanged() => _ = InvokeAsync(async () =>
    {
        var change = ++_changes;
        if (_disconnected is not null)
        {
            await _disconnected.CancelAsync();
        }

        await _ticking;
        if (change == _changes && Connection.IsUp && !_closed.IsCancellationRequested)
        {
            _ticking = FollowAsync(readFirst: true);
        }
    });

    /// <summary>Reads at the page's pace until the page is closed or its browser is gone.</summary>
    private async Task FollowAsync(bool readFirst)
    {
        using var subscription = Subscriptions.Subscribe();
        using var disconnected = CancellationTokenSource.CreateLinkedTokenSource(Closed);
        _disconnected = disconnected;
        try
        {
            using var timer = new PeriodicTimer(Interval, Time);
            for (var second = readFirst ? 0 : 1; second == 0 || await timer.WaitForNextTickAsync(disconnected.Token); second++)
            {
                if (second % SecondsPerReading != 0)
                {
                    continue;
                }

                await ReadAsync(reset: false, anew: second == 0);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (disconnected.IsCancellationRequested)
        {
            // The page was closed, or the browser has left it.
        }
        finally
        {
            _disconnected = null;
        }
    }

    private async Task ReadAsync(bool reset, bool anew)
    {
        await _oneReadingAtATime.WaitAsync(Closed);
        try
        {
            if (reset)
            {
                Reset();
            }

            _readsAnew = anew;

            Fault = await FaultOfAsync(() => RefreshAsync(Closed));
            Loaded |= Fault is null;
        }
        finally
        {
            _oneReadingAtATime.Release();
        }
    }

    private async Task<string?> FaultOfAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception exception) when (!_closed.IsCancellationRequested)
        {
            // A page that stays open would otherwise say the same every second.
            if (exception.Message != Fault)
            {
                Log.LogWarning(exception, "The dashboard could not read or change {Subject}.", Subject);
            }

            return exception.Message;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Connection.Changed -= OnConnectionChanged;
        await _closed.CancelAsync();
        await _ticking;
        _closed.Dispose();
    }
}
