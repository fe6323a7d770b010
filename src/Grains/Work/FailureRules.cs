using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>What follows from a kind of failure, and when failures are too many.</summary>
internal static class FailureRules
{
    /// <summary>Counted failures until the work is given up.</summary>
    public const int MaximumFailures = 5;

    /// <summary>Starts within <see cref="CrashLoopWindow"/> that may fail, for whatever reason, without anything being kept.</summary>
    public const int MaximumFailedStarts = 4;

    /// <summary>How far back the guard against crash loops looks.</summary>
    public static readonly TimeSpan CrashLoopWindow = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    /// <summary>Whether the work may be at fault: a store that answers no more and a worker that is gone are not the work's doing.</summary>
    public static bool IsCounted(FailureKind failure) => failure is not (FailureKind.Transient or FailureKind.NodeLost);

    /// <summary>Whether another attempt may come to something else.</summary>
    public static bool IsRetried(FailureKind failure) => failure is not (FailureKind.OutOfMemory or FailureKind.Diverged or FailureKind.Poison);

    /// <summary>How long to wait before the next attempt; nothing where only the worker is gone, since another one has no reason to fail.</summary>
    /// <param name="failure">Why the last attempt failed.</param>
    /// <param name="inARow">Attempts in a row that have failed and kept nothing, the last included; at least 1.</param>
    public static TimeSpan DelayAfter(FailureKind failure, int inARow)
    {
        if (failure == FailureKind.NodeLost)
        {
            return TimeSpan.Zero;
        }

        var delay = FirstDelay;
        for (var i = 1; i < inARow && delay < LongestDelay; i++)
        {
            delay *= 2;
        }

        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>How many of the latest attempts have failed in a row since one kept something; that one is counted, its end being a failure too.</summary>
    public static int InARow(IEnumerable<Attempt> attempts)
    {
        var count = 0;
        foreach (var attempt in attempts.Reverse())
        {
            if (attempt.State != WorkState.Failed)
            {
                break;
            }

            count++;
            if (KeptOf(attempt) > attempt.From)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>
    /// One sentence if the work is started and fails again and again: more than <see cref="MaximumFailedStarts"/> starts that have failed for any
    /// reason within <see cref="CrashLoopWindow"/>, and nothing was kept beyond what the first of them began with. Null otherwise. What an attempt
    /// kept whose worker is gone is known only when the next one says where it goes on from; the last one is not held against the work.
    /// </summary>
    /// <param name="attempts">The attempts that count, oldest first.</param>
    /// <param name="now">The end of the last one.</param>
    public static string? FindCrashLoop(IReadOnlyList<Attempt> attempts, DateTimeOffset now)
    {
        var known = attempts is [.., { Failure: FailureKind.NodeLost }] ? attempts.SkipLast(1) : attempts;
        var failed = known
            .Where(attempt => attempt.State == WorkState.Failed && attempt.Ended >= now - CrashLoopWindow)
            .TakeLast(MaximumFailedStarts + 1)
            .ToList();
        if (failed.Count <= MaximumFailedStarts)
        {
            return null;
        }

        var first = failed[0];
        return attempts.Any(attempt => attempt.Epoch >= first.Epoch && KeptOf(attempt) > first.From)
            ? null
            : $"Given up: {failed.Count} starts within {CrashLoopWindow.TotalMinutes:0} minutes have failed without getting beyond {first.From}, the last one because: {failed[^1].Message}";
    }

    /// <summary>What would not be lost if the attempt were followed by another.</summary>
    private static long KeptOf(Attempt attempt) => Math.Max(attempt.From, attempt.Committed ?? attempt.From);
}
