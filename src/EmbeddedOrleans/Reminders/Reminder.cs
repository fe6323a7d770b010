using Orleans.Runtime;

namespace Orleans.Timers;

// A reminder as it was when it was read or written. Its version is a random number, so that no two ever have the same.
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
        return sinceLastTick == 0 ? now : Later(now, TimeSpan.FromTicks(Period.Ticks - sinceLastTick));
    }

    // The tick that follows one that has just ended; a later one even where the clock has not moved on.
    public DateTime TickAfter(DateTime tick, DateTime now)
    {
        var next = NextTick(now);
        return next > tick ? next : Later(tick, Period);
    }

    private static DateTime Later(DateTime time, TimeSpan span) => span > DateTime.MaxValue - time ? DateTime.MaxValue : time + span;
}
