using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>What every grain with long work has in common: its record, kept in step with the device pool's queue.</summary>
internal abstract partial class WorkGrain<TState>(IPersistentState<TState> state, TimeProvider time, ILogger logger) : Grain, IWorkGrain, IRemindable
    where TState : WorkGrainState, new()
{
    private const string ReminderName = "watch";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private IGrainTimer? _due;

    protected TState State => state.State;

    protected WorkRecord Work => state.State.Work;

    protected string Key => this.GetPrimaryKeyString();

    protected DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The device, or the kind of devices, that the work is for; null for any.</summary>
    protected virtual string? Device => null;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Work is { State: WorkState.Queued, NotBefore: not null })
        {
            WaitUntilDue();
        }

        return Task.CompletedTask;
    }

    public async Task<WorkAssignment?> StartAsync(DeviceLease lease)
    {
        await ChangeAsync(Work.Supersede(lease, Now), inQueue: true);
        if (Work.Start(lease, Now) is not { } started)
        {
            return null;
        }

        await ChangeAsync(started);
        LogStarted(logger, lease.Ticket.Kind, Key, started.Epoch, lease.Device);
        return new WorkAssignment(started.Epoch);
    }

    public async Task<WorkDirective> ReportAsync(long epoch, WorkProgress progress)
    {
        var directive = Work.Directive(epoch);
        if (directive != WorkDirective.Lost)
        {
            var kept = Work.Attempts[^1].Committed;
            State.Work = Work.Report(epoch, progress, Now);

            // Progress beyond that is kept in memory only: what counts after a crash is what was committed, not what was reported.
            if (Work.Attempts[^1].Committed != kept)
            {
                await PersistAsync();
            }

            await OnChangedAsync();
        }

        return directive;
    }

    public async Task FinishAsync(long epoch, WorkOutcome outcome)
    {
        var finished = Work.Finish(epoch, outcome, Now);
        if (ReferenceEquals(finished, Work))
        {
            return;
        }

        await ChangeAsync(finished);
        LogFinished(logger, Work.Kind, Key, epoch, Work.State, outcome.Message);
    }

    public Task WorkerLostAsync(string worker) => ChangeAsync(Work.WorkerLost(worker, Now), inQueue: true);

    public async Task ReceiveReminder(string reminderName, TickStatus status) => await WatchAsync();

    /// <summary>What else there is to do when the work has changed: tell a study, for example. Must not wait for a grain that may wait for this one.</summary>
    protected abstract Task OnChangedAsync();

    /// <summary>Looks after work that may have been forgotten: called by the reminder, at least once a minute until the work has ended.</summary>
    protected virtual Task WatchAsync() => BringBackAsync();

    /// <summary>Brings back work whose place in the queue, or whose lease, was lost.</summary>
    protected async Task BringBackAsync()
    {
        switch (Work.State)
        {
            case WorkState.Queued:
                await EnqueueWhenDueAsync();
                break;
            case WorkState.Running when Work.Attempts is [.., { } attempt] && !await HasLeaseAsync(attempt):
                // The worker is gone, or has given up, and word of it was lost.
                await ChangeAsync(Work.WorkerLost(attempt.Worker, Now));
                break;
        }
    }

    /// <summary>Persists a changed record, then brings queue, reminder and watchers into line. In this order, so that a crash in between loses nothing.</summary>
    protected async Task ChangeAsync(WorkRecord changed, bool inQueue = false)
    {
        if (ReferenceEquals(changed, Work))
        {
            return;
        }

        EnsureNotImported();
        var before = Work;
        State.Work = changed;
        await PersistAsync();
        if (changed.State == WorkState.Queued && !inQueue)
        {
            await EnqueueWhenDueAsync();
        }
        else if (before.State == WorkState.Queued && changed.State is WorkState.Paused or WorkState.Cancelled)
        {
            await Pool.WithdrawAsync(changed.Ticket);
        }

        await OnChangedAsync();
    }

    /// <exception cref="LabException">Another lab has done the work; it cannot be done here.</exception>
    protected void EnsureNotImported()
    {
        if (State.Imported)
        {
            throw new LabException($"'{Key}' was imported from another lab; it can be looked at, compared and exported, but not run.");
        }
    }

    protected Task PersistAsync() => this.WriteOrForgetAsync(state);

    /// <summary>Makes the grain again what it was before anything was asked of it.</summary>
    protected Task ClearAsync()
    {
        state.State = new TState();
        return PersistAsync();
    }

    protected async Task KeepWatchAsync() => await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);

    protected async Task EndWatchAsync()
    {
        if (await this.GetReminder(ReminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private Task EnqueueWhenDueAsync()
    {
        if (Work.NotBefore > Now)
        {
            WaitUntilDue();
            return Task.CompletedTask;
        }

        return Pool.EnqueueAsync(Work.Ticket with { Device = Device });
    }

    /// <summary>Should the timer be lost with this activation, the reminder makes up for it.</summary>
    private void WaitUntilDue()
    {
        var wait = (Work.NotBefore ?? Now) - Now;
        _due?.Dispose();
        _due = this.RegisterGrainTimer(
            _ => WatchAsync(),
            new GrainTimerCreationOptions(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    private async Task<bool> HasLeaseAsync(Attempt attempt) =>
        (await Pool.GetAsync()).Leases.Contains(new DeviceLease(Work.Ticket, attempt.Worker, attempt.Device));

    private IDevicePoolGrain Pool => GrainFactory.GetGrain<IDevicePoolGrain>(Identifiers.Default);

    [LoggerMessage(LogLevel.Information, "{Kind} {Key}: attempt {Epoch} started on {Device}.")]
    private static partial void LogStarted(ILogger logger, WorkKind kind, string key, long epoch, string device);

    [LoggerMessage(LogLevel.Information, "{Kind} {Key}: attempt {Epoch} ended, now {State}. {Message}")]
    private static partial void LogFinished(ILogger logger, WorkKind kind, string key, long epoch, WorkState state, string message);
}

/// <summary>The state of a grain with long work.</summary>
[GenerateSerializer, Alias("work-grain-state")]
internal class WorkGrainState
{
    [Id(0)] public WorkRecord Work { get; set; } = new();

    /// <summary>Whether another lab has done the work.</summary>
    [Id(1)] public bool Imported { get; set; }
}
