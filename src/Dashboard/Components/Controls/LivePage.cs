using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>
/// A page that reads its subject once a second while it is open, and leaves nothing behind when it is closed. What was read last stays on
/// the page when a reading fails.
/// </summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _oneReadingAtATime = new(1, 1);
    private Task _ticking = Task.CompletedTask;
    private string? _subject;

    protected LivePage() => Closed = _closed.Token;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<LivePage> Log { get; init; }

    /// <summary>Whether the subject has been read.</summary>
    protected bool Loaded { get; private set; }

    /// <summary>Why the last reading failed; null if it did not.</summary>
    protected string? Fault { get; private set; }

    /// <summary>Why what was asked for last was not done; null if it was.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>The time that the page shows.</summary>
    protected DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>What the page shows; when it changes, the page starts anew.</summary>
    protected abstract string Subject { get; }

    /// <summary>Cancelled when the page is closed.</summary>
    protected CancellationToken Closed { get; }

    /// <summary>Forgets what was read of another subject.</summary>
    protected virtual void Reset()
    {
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task RefreshAsync(CancellationToken cancellation);

    protected override async Task OnParametersSetAsync()
    {
        if (_subject != Subject)
        {
            _subject = Subject;
            Loaded = false;
            Refusal = null;
            await ReadAsync(anew: true);
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ticking = TickAsync();
        }
    }

    /// <summary>Does what a button asks for, then reads the subject again.</summary>
    protected async Task ActAsync(Func<Task> action)
    {
        Refusal = await FaultOfAsync(action);
        await ReadAsync(anew: false);
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Interval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                await ReadAsync(anew: false);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was closed.
        }
    }

    private async Task ReadAsync(bool anew)
    {
        await _oneReadingAtATime.WaitAsync(Closed);
        try
        {
            if (anew)
            {
                Reset();
            }

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
        await _closed.CancelAsync();
        await _ticking;
        _closed.Dispose();
    }
}
