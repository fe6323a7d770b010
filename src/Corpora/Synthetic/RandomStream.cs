namespace SlungOrleans.Corpora;

/// <summary>
/// Random numbers that are the same on every machine and in every version, from a key: <see cref="SplitMix64"/>, whose output function also mixes
/// the parts of the key.
/// </summary>
internal sealed class RandomStream
{
    private ulong _state;

    public RandomStream(params ReadOnlySpan<int> key)
    {
        foreach (var part in key)
        {
            _state = SplitMix64.Mix((_state + SplitMix64.Gamma) ^ (uint)part);
        }
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, all equally likely but for 2^-32.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>True with a probability of 0 to 1.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    internal ulong Next() => SplitMix64.Next(ref _state);
}
