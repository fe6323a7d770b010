namespace EmbeddedOrleans.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks again until the call no longer fails with <typeparamref name="TException"/>.</summary>
    public static async Task<TResult> SucceedsAsync<TResult, TException>(Func<Task<TResult>> call)
        where TException : Exception
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (TException) when (DateTime.UtcNow < until)
            {
                // Not yet: the next call finds out.
            }
        }
    }
}
