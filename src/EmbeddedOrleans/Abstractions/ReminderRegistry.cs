using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>The reminders of all grains.</summary>
public interface IReminderRegistry
{
    /// <summary>Registers a reminder, or changes it.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <param name="reminderName">The reminder's name.</param>
    /// <param name="dueTime">Time to the first tick, at least zero.</param>
    /// <param name="period">Time between ticks, at least the least period of the host.</param>
    /// <exception cref="ArgumentException">A time is out of its range.</exception>
    Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period);

    /// <summary>Ends a reminder.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <param name="reminder">The reminder.</param>
    /// <exception cref="ReminderException">It was changed or ended since.</exception>
    Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

    /// <summary>The reminder of that name; null if there is none.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <param name="reminderName">The reminder's name.</param>
    Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

    /// <summary>The reminders of a grain.</summary>
    /// <param name="callingGrainId">The grain.</param>
    Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
}
