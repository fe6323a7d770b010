using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// Random orders that are functions of a seed and a purpose: Fisher and Yates' shuffle on <see cref="SplitMix64"/>, whose state is
/// keyed by SHA-256. Two purposes of one seed are independent of one another.
/// </summary>
internal static class KeyedPermutation
{
    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in random order.</summary>
    internal static int[] Of(int count, int seed, string purpose)
    {
        var state = Key(seed, purpose);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)Below((ulong)i + 1, ref state);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>A number below <paramref name="bound"/>, each as likely as any other (Lemire, arXiv 1805.10941).</summary>
    private static ulong Below(ulong bound, ref ulong state)
    {
        var high = Math.BigMul(SplitMix64.Next(ref state), bound, out ulong low);
        if (low < bound)
        {
            var uneven = (0 - bound) % bound;
            while (low < uneven)
            {
                high = Math.BigMul(SplitMix64.Next(ref state), bound, out low);
            }
        }

        return high;
    }

    private static ulong Key(int seed, string purpose) => BinaryPrimitives.ReadUInt64LittleEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{seed}"))));
}
