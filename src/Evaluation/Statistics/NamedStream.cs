using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>Evaluation's own random numbers: named by what they are for, so that no arm, thread or earlier draw changes them.</summary>
internal struct NamedStream(ulong key)
{
    private ulong _state = key;

    /// <summary>A number that stands for a seed and names, the same everywhere and for ever.</summary>
    public static ulong Key(ulong seed, params ReadOnlySpan<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, seed);
        hash.AppendData(number);
        foreach (string name in names)
        {
            // Lengths keep ("ab", "c") and ("a", "bc") apart.
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteUInt64LittleEndian(number, (ulong)bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>Items in a random order that depends on their ids alone: adding an item moves no other.</summary>
    public static IReadOnlyList<T> Shuffle<T>(IEnumerable<T> items, Func<T, string> id, ulong seed, params string[] names) =>
    [
        .. items
            .Select(item => (Item: item, Id: id(item)))
            .Select(pair => (pair.Item, pair.Id, Key: Key(seed, [.. names, pair.Id])))
            .OrderBy(pair => pair.Key)
            .ThenBy(pair => pair.Id, StringComparer.Ordinal)
            .Select(pair => pair.Item),
    ];

    /// <summary>Uniform over 0 to <paramref name="bound"/> - 1 (<see cref="SplitMix64"/>; the bias of at most bound / 2^64 is beneath notice).</summary>
    public int Next(int bound) => (int)Math.BigMul(SplitMix64.Next(ref _state), (ulong)bound, out _);
}
