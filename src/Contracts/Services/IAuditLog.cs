namespace SlungOrleans.Contracts;

/// <summary>Who asked the lab to do what, and when. Entries are added and never changed.</summary>
public interface IAuditLog
{
    /// <summary>Adds an entry, with the time; it is on disk when this returns.</summary>
    /// <param name="who">A token's name, <c>local</c>, or the user of a command.</param>
    /// <param name="action">For example <c>launch</c>, <c>cancel</c>.</param>
    /// <param name="kind">What <paramref name="id"/> names: <c>study</c>, <c>run</c>, <c>corpus</c>, <c>checkpoint</c> …</param>
    /// <param name="id">To what it was done.</param>
    /// <param name="refusal">Why it was not done after all; null when it is asked for.</param>
    /// <exception cref="IOException">It cannot be written; the log of the host says so, too, with all of the entry.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise: it may not be written.</exception>
    /// <exception cref="TimeoutException">Another process has kept the log to itself for half a minute.</exception>
    Task AddAsync(string who, string action, string kind, string id, string? refusal = null);

    /// <summary>Entries, newest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    Task<ImmutableArray<AuditLogEntry>> ReadAsync(int most, CancellationToken cancellation = default);
}

/// <summary>One entry of the audit log.</summary>
/// <param name="Time">When it was asked for, or refused.</param>
/// <param name="Who">Who asked.</param>
/// <param name="Action">For what.</param>
/// <param name="Kind">What <paramref name="Id"/> names.</param>
/// <param name="Id">To what it was to be done.</param>
/// <param name="Refusal">Why it was not done; null if this entry is the asking.</param>
public sealed record AuditLogEntry(DateTimeOffset Time, string Who, string Action, string Kind, string Id, string? Refusal);

/// <summary>Does what is to be found in the audit log.</summary>
public static class AuditLogExtensions
{
    /// <summary>Writes down what is asked for, does it, and writes down if it failed. What cannot be written down is not done; where only the failure cannot be, it is thrown all the same.</summary>
    /// <param name="log">The log.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="action">For what.</param>
    /// <param name="kind">What <paramref name="id"/> names.</param>
    /// <param name="id">To what it is to be done.</param>
    /// <param name="work">Does it.</param>
    public static Task DoAsync(this IAuditLog log, string who, string action, string kind, string id, Func<Task> work) =>
        log.DoAsync(who, action, kind, id, async () =>
        {
            await work();
            return true;
        });

    /// <summary>As the other, for work that has a result.</summary>
    /// <param name="log">The log.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="action">For what.</param>
    /// <param name="kind">What <paramref name="id"/> names.</param>
    /// <param name="id">To what it is to be done.</param>
    /// <param name="work">Does it.</param>
    public static async Task<T> DoAsync<T>(this IAuditLog log, string who, string action, string kind, string id, Func<Task<T>> work)
    {
        await log.AddAsync(who, action, kind, id);
        try
        {
            return await work();
        }
        catch (Exception exception)
        {
            try
            {
                await log.AddAsync(who, action, kind, id, exception.Message);
            }
            catch (Exception lost) when (lost is IOException or UnauthorizedAccessException or TimeoutException)
            {
                // Told by the host's log; whoever asked is to hear why it was not done.
            }

            throw;
        }
    }
}
