namespace SlungOrleans.Corpora;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014): a counter whose values are mixed. The same on every
/// machine and in every version.
/// </summary>
internal static class SplitMix64
{
    /// <summary>By how much the counter rises: odd, and nearest to 2^64 over the golden ratio.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Takes the state one step on. Returns 64 random bits.</summary>
    public static ulong Next(ref ulong state)
    {
        state += Gamma;
        return Mix(state);
    }

    /// <summary>The output function: one to one, and every bit of its value depends on every bit of the argument.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
