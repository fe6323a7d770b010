using Orleans.Concurrency;

namespace EmbeddedOrleans.Tests;

[Alias("tests-timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    [Alias("start")]
    Task StartAsync(string note, TimeSpan period, bool interleave, string? holdAt);

    [Alias("start-failing")]
    Task StartFailingAsync();

    [Alias("start-until-cancelled")]
    Task StartUntilCancelledAsync();

    [Alias("change"), AlwaysInterleave]
    Task ChangeAsync(TimeSpan dueTime, TimeSpan period);

    [Alias("stop"), AlwaysInterleave]
    Task StopAsync();

    [Alias("hold")]
    Task HoldAsync(string place);

    [Alias("deactivate")]
    Task DeactivateAsync();

    [Alias("register-outside")]
    Task RegisterOutsideAsync();
}

public sealed class TimerGrain(Probe probe) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticking;

    public Task StartAsync(string note, TimeSpan period, bool interleave, string? holdAt)
    {
        var options = new GrainTimerCreationOptions(TimeSpan.Zero, period) { Interleave = interleave };
        _timer = this.RegisterGrainTimer(TickAsync, (note, holdAt), options);
        return Task.CompletedTask;
    }

    public Task StartFailingAsync()
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                probe.Note("failing tick");
                throw new OddException("a tick that fails", 1);
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(5));
        return Task.CompletedTask;
    }

    public Task StartUntilCancelledAsync()
    {
        var options = new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true };
        _timer = this.RegisterGrainTimer(
            async cancellation =>
            {
                probe.Note("tick waits");
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                probe.Note("tick cancelled");
            },
            options);
        return Task.CompletedTask;
    }

    public Task ChangeAsync(TimeSpan dueTime, TimeSpan period)
    {
        _timer!.Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task HoldAsync(string place) => probe.HoldAsync(place);

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task RegisterOutsideAsync() => Task.Run(() => this.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.Zero, TimeSpan.Zero));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note($"timer grain deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    private async Task TickAsync((string Note, string? HoldAt) state, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _ticking) > 1)
        {
            probe.Note("overlap");
        }

        probe.Note(state.Note);
        if (state.HoldAt is not null)
        {
            await probe.HoldAsync(state.HoldAt);
        }

        await Task.Yield();
        Interlocked.Decrement(ref _ticking);
    }
}

[Alias("tests-reminder")]
public interface IReminderGrain : IGrainWithStringKey
{
    [Alias("register")]
    Task RegisterAsync(string name, TimeSpan dueTime, TimeSpan period);

    [Alias("unregister")]
    Task UnregisterAsync(string name);

    [Alias("unregister-old")]
    Task UnregisterOldAsync(string name);

    [Alias("names")]
    Task<List<string>> NamesAsync();
}

public sealed class ReminderGrain(Probe probe) : Grain, IReminderGrain, IRemindable
{
    public Task RegisterAsync(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task UnregisterAsync(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    // Ends a reminder by what it was before it was changed.
    public async Task UnregisterOldAsync(string name)
    {
        var old = await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(2), TimeSpan.FromHours(2));
        await this.UnregisterReminder(old);
    }

    public async Task<List<string>> NamesAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var inOrder = status.CurrentTickTime >= status.FirstTickTime && status.FirstTickTime.Kind == DateTimeKind.Utc;
        probe.Note($"{this.GetPrimaryKeyString()}: {reminderName} {(inOrder ? "" : $"early {status}")}".TrimEnd());
        if (reminderName.StartsWith("failing", StringComparison.Ordinal))
        {
            await Task.Yield();
            throw new OddException("a reminder that fails", 1);
        }
    }
}

[Alias("tests-forgetful")]
public interface IForgetfulGrain : IGrainWithStringKey
{
    [Alias("register")]
    Task RegisterAsync();
}

public sealed class ForgetfulGrain : Grain, IForgetfulGrain
{
    public Task RegisterAsync() => this.RegisterOrUpdateReminder("never", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
}
