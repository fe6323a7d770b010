namespace Orleans.Runtime;

/// <summary>A reminder of a grain.</summary>
public interface IGrainReminder
{
    /// <summary>Its name, unique for the grain.</summary>
    string ReminderName { get; }
}

/// <summary>When a reminder ticked.</summary>
public readonly struct TickStatus
{
    /// <summary>Creates a status.</summary>
    /// <param name="firstTickTime">When the reminder's first tick was due, UTC.</param>
    /// <param name="period">Time between ticks.</param>
    /// <param name="timeStamp">When this tick was made, UTC.</param>
    public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        FirstTickTime = firstTickTime;
        Period = period;
        CurrentTickTime = timeStamp;
    }

    /// <summary>When the reminder's first tick was due, UTC.</summary>
    public DateTime FirstTickTime { get; }

    /// <summary>Time between ticks.</summary>
    public TimeSpan Period { get; }

    /// <summary>When this tick was made, UTC.</summary>
    public DateTime CurrentTickTime { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
}
