using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Timers;

// Keeps the reminders in the database and ticks them while the host runs. A reminder ticks at its start and every period after
// that, by the clock; a tick that takes longer than the period makes the next ones fall away.
internal sealed class ReminderService(
    ReminderTable table, GrainCatalog catalog, GrainFactory factory, IOptions<EmbeddedOrleansOptions> options, ILogger<ReminderService> logger)
    : IReminderRegistry
{
    // Held while a reminder is changed in the database and then in the schedules, so that both change in the same order.
    private readonly SemaphoreSlim _changes = new(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), ReminderSchedule> _schedules = [];
    private bool _running;

    public async Task<int> StartAsync()
    {
        var reminders = await table.ReadAllAsync();
        lock (_gate)
        {
            _running = true;
        }

        reminders.ForEach(Follow);
        return reminders.Count;
    }

    public void Stop()
    {
        lock (_gate)
        {
            _running = false;
            foreach (var schedule in _schedules.Values)
            {
                schedule.Dispose();
            }

            _schedules.Clear();
        }
    }

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var now = DateTime.UtcNow;
        if (dueTime < TimeSpan.Zero || dueTime > DateTime.MaxValue - now)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "Cannot use negative, infinite or overlong dueTime to create a reminder");
        }

        if (period < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, "Cannot use negative or infinite period to create a reminder");
        }

        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException($"Cannot register reminder {reminderName} as requested period ({period}) is less than minimum allowed reminder period ({options.Value.MinimumReminderPeriod})");
        }

        var reminder = new Reminder(callingGrainId, reminderName, Random.Shared.NextInt64(), now + dueTime, period);
        await ChangeAsync(async () =>
        {
            await table.PutAsync(reminder);
            Follow(reminder);
        });
        return reminder;
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        var known = (Reminder)reminder;
        await ChangeAsync(async () =>
        {
            if (!await table.RemoveAsync(known))
            {
                throw new ReminderException($"Could not unregister reminder {known.ReminderName} of {known.Grain} from the reminder table, due to tag mismatch. You can retry.");
            }

            lock (_gate)
            {
                if (_schedules.Remove((known.Grain, known.ReminderName), out var schedule))
                {
                    schedule.Dispose();
                }
            }
        });
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) => await table.ReadAsync(callingGrainId, reminderName);

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => [.. await table.ReadAsync(callingGrainId)];

    private async Task ChangeAsync(Func<Task> change)
    {
        await _changes.WaitAsync();
        try
        {
            await change();
        }
        finally
        {
            _changes.Release();
        }
    }

    private void Follow(Reminder reminder)
    {
        if (!catalog.TryGetClass(reminder.Grain.Type, out var grainClass) || !grainClass.Interfaces.ContainsKey(typeof(IRemindable)))
        {
            Log.ReminderWithoutClass(logger, reminder.ReminderName, reminder.Grain);
            return;
        }

        lock (_gate)
        {
            if (!_running)
            {
                return;
            }

            _schedules.TryGetValue((reminder.Grain, reminder.ReminderName), out var known);
            known?.Dispose();
            _schedules[(reminder.Grain, reminder.ReminderName)] = new(reminder, factory.GetGrain<IRemindable>(reminder.Grain), logger);
        }
    }
}
