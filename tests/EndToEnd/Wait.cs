namespace SlungOrleans.EndToEnd;

/// <summary>Waits for a condition, and says what was awaited if it does not come.</summary>
internal static class Wait
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Task UntilAsync(Func<bool> condition, string awaited, Func<string> context) =>
        UntilAsync(() => Task.FromResult(condition()), awaited, context);

    public static async Task UntilAsync(Func<Task<bool>> condition, string awaited, Func<string> context)
    {
        using var timer = new PeriodicTimer(Period);
        var end = DateTime.UtcNow + Limit;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"Waited {Limit} for {awaited}.\n{context()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
