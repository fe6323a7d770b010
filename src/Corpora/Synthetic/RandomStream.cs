namespace SlungOrleans.Corpora;

/// <summary>
/// Random numbers that are the same on every machine and in every version, from a key: SplitMix64 (Steele, Lea, Flood: Fast splittable
/// pseudorandom number generators, OOPSLA 2014), whose output function also mixes the parts of the key.
/// </summary>
internal sealed class RandomStream
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    public RandomStream(params ReadOnlySpan<int> key)
    {
        foreach (var part in key)
        {
            _state = Mix((_state + Gamma) ^ (uint)part);
        }
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, all equally likely but for 2^-32.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>True with a probability of 0 to 1.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    internal ulong Next()
    {
        _state += Gamma;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
