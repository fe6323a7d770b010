using System.Diagnostics;

namespace SlungOrleans.Silo.Commands;

/// <summary>Asks a lab again and again how work stands.</summary>
internal static class Watching
{
    /// <summary>A cluster that loses a silo, and a lab that is started again, answers again within seconds.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    /// <summary>Asks until the work has ended, or until nobody waits any more.</summary>
    /// <param name="session">Where the work is done.</param>
    /// <param name="last">The last answer that there is.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="hasEnded">Whether an answer is the last one; may show it.</param>
    /// <param name="period">How long to wait between two questions.</param>
    /// <param name="cancellation">Ends the watching, not the work.</param>
    /// <returns>The last answer.</returns>
    public static async Task<T> UntilAsync<T>(
        LabSession session, T last, Func<CancellationToken, Task<T>> ask, Func<T, bool> hasEnded, TimeSpan period, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(period);
        var answered = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    last = await ask(cancellation);
                    answered = Stopwatch.GetTimestamp();
                    if (hasEnded(last))
                    {
                        return last;
                    }
                }
                catch (Exception exception) when (session.IsPassing(exception) && Stopwatch.GetElapsedTime(answered) < LongestSilence)
                {
                    // The silo that the grain was on may be gone; the grain appears on another. Or the lab is being started again.
                }

                await timer.WaitForNextTickAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return last;
        }
    }
}
