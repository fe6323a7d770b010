using Orleans.Runtime;

namespace Orleans.Timers;

// A reminder as it was when it was read or written.
internal sealed record Reminder(GrainId Grain, string ReminderName, long Version, DateTime Start, TimeSpan Period) : IGrainReminder
{
    // The first tick at or after a moment; ticks that were missed are not made up for. All times are UTC.
    public DateTime NextTick(DateTime now)
    {
        if (now <= Start)
        {
            return Start;
        }

        var sinceLastTick = (now - Start).Ticks % Period.Ticks;
        return sinceLastTick == 0 ? now : now.AddTicks(Period.Ticks - sinceLastTick);
    }
}
