using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Training;

/// <summary>
/// A stream of random numbers that is named, not advanced: equal names give equal numbers, different names independent ones, and any
/// <see cref="Position"/> is reached at once. Philox4x32-10 (Salmon et al., SC'11): the key is a hash of seed and purpose, the counter is
/// the number of the stream and the position in it. Allocates only when it is created. Not safe for concurrent use.
/// </summary>
public sealed class RandomStream
{
    private const int LongestPurpose = 64;

    private readonly uint[] _words = new uint[4];
    private readonly ulong _key;
    private readonly ulong _number;
    private ulong _block = ulong.MaxValue;

    /// <summary>Names a stream.</summary>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What it is for, for example <c>data-order</c>; 1 to 64 characters of ASCII.</param>
    /// <param name="number">Which of the streams for that purpose: an epoch, a prompt, a parameter.</param>
    /// <exception cref="ArgumentException">The purpose is empty, too long, or not ASCII.</exception>
    public RandomStream(ulong seed, string purpose, ulong number)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        if (purpose.Length is 0 or > LongestPurpose || !Ascii.IsValid(purpose))
        {
            throw new ArgumentException($"A random stream's purpose is 1 to {LongestPurpose} characters of ASCII, not '{purpose}'.", nameof(purpose));
        }

        Span<byte> name = stackalloc byte[sizeof(ulong) + LongestPurpose];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(name, seed);
        int length = sizeof(ulong) + Encoding.ASCII.GetBytes(purpose, name[sizeof(ulong)..]);
        SHA256.HashData(name[..length], hash);
        _key = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        _number = number;
    }

    /// <summary>How many 32-bit words have been taken. Setting it skips or goes back.</summary>
    public ulong Position { get; set; }

    /// <summary>Uniform over all 32-bit values; takes one word.</summary>
    public uint NextUInt32()
    {
        ulong block = Position >> 2;
        if (block != _block)
        {
            Philox.Block(block, _number, _key, _words);
            _block = block;
        }

        return _words[Position++ & 3];
    }

    /// <summary>Uniform over all 64-bit values; takes two words, the low one first.</summary>
    public ulong NextUInt64() => NextUInt32() | ((ulong)NextUInt32() << 32);

    /// <summary>Uniform over the multiples of 2^-24 in [0, 1); takes one word.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform over the multiples of 2^-53 in [0, 1); takes two words.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform over 0 to <paramref name="bound"/> - 1, without bias (Lemire, arXiv 1805.10941); takes one word, seldom more.</summary>
    /// <param name="bound">One more than the largest value; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is less than 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        uint size = (uint)bound;
        ulong product = (ulong)NextUInt32() * size;
        if ((uint)product < size)
        {
            uint reject = (0u - size) % size;
            while ((uint)product < reject)
            {
                product = (ulong)NextUInt32() * size;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Standard normal (Box and Muller, 1958; the cosine half); takes four words always, so that value n begins at word 4n.</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts values in a uniformly random order (Fisher and Yates; Durstenfeld's algorithm 235).</summary>
    /// <param name="values">The values.</param>
    /// <typeparam name="T">Their type.</typeparam>
    public void Shuffle<T>(Span<T> values)
    {
        for (int last = values.Length - 1; last > 0; last--)
        {
            int other = NextInt32(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }
}
