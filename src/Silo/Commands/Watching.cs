using System.Diagnostics;

namespace SlungOrleans.Silo.Commands;

/// <summary>Asks a lab again and again how work stands.</summary>
internal static class Watching
{
    /// <summary>A cluster that loses a silo, and a lab that is started again, answers again within seconds.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks until there is an answer: where the lab was there a moment ago, for as long as it may take to be there again.</summary>
    /// <param name="session">What is asked.</param>
    /// <param name="ask">Asks; again with the same effect.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The answer.</returns>
    public static async Task<T> AnsweredAsync<T>(LabSession session, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period);
        var begun = Stopwatch.GetTimestamp();
        for (var said = false; ; said = true)
        {
            try
            {
                return await ask(cancellation);
            }
            catch (Exception exception) when (session.IsPassing(exception) && Stopwatch.GetElapsedTime(begun) < LongestSilence)
            {
                if (!said)
                {
                    ErrorConsole.WriteLine($"{exception.Message} It is asked again, for {LongestSilence.TotalMinutes} minutes at most.");
                }
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

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
