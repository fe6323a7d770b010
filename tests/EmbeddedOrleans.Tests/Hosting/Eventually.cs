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
            catch (TException exception) when (DateTime.UtcNow < until)
            {
                _ = exception;
            }
        }
    }

    /// <summary>Asks again until the answer is right.</summary>
    public static async Task IsAsync(string what, Func<Task<bool>> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < until, $"Waited {Patience} for: {what}");
            await Task.Delay(5);
        }
    }
}
