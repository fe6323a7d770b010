namespace SlungOrleans.Grains;

/// <summary>Writes grains' states.</summary>
internal static class StateWriting
{
    /// <summary>
    /// Writes the state. If that fails, what is in memory may be ahead of what is stored, or behind it where only the answer was lost: the activation
    /// ends, and the next one reads what is there.
    /// </summary>
    public static async Task WriteOrForgetAsync<TState>(this IGrainBase grain, IPersistentState<TState> state)
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
