using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Hosting {Classes} grain classes on '{Database}', with {Reminders} reminders.")]
    public static partial void Started(ILogger logger, int classes, string database, int reminders);

    [LoggerMessage(2, LogLevel.Information, "All grains are deactivated and '{Database}' is closed.")]
    public static partial void Stopped(ILogger logger, string database);

    [LoggerMessage(3, LogLevel.Warning, "{Grain} could not be deactivated in time and is left.")]
    public static partial void Abandoned(ILogger logger, GrainId grain);

    [LoggerMessage(4, LogLevel.Error, "{Grain} could not be activated.")]
    public static partial void ActivationFailed(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "{Grain} failed while it was deactivated.")]
    public static partial void DeactivationFailed(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "{Grain} is deactivated: its state was changed by another writer.")]
    public static partial void StateConflict(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(EventId = 7, Message = "{Method} of {Grain} failed.")]
    public static partial void CallFailed(ILogger logger, LogLevel level, string method, GrainId grain, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "A timer of {Grain} failed; it goes on ticking.")]
    public static partial void TimerFailed(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "The reminder '{Reminder}' of {Grain} failed; it goes on ticking.")]
    public static partial void ReminderFailed(ILogger logger, string reminder, GrainId grain, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "The reminder '{Reminder}' of {Grain} does not tick: no grain class of that type can have reminders.")]
    public static partial void ReminderWithoutClass(ILogger logger, string reminder, GrainId grain);
}
