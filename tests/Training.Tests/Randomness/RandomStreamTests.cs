using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SlungOrleans.Training.Tests.Randomness;

public sealed class RandomStreamTests
{
    /// <summary>The known-answer vectors of the authors' library Random123 (file kat_vectors, lines philox4x32 10).</summary>
    [Theory]
    [InlineData(0x0000000000000000, 0x0000000000000000, 0x0000000000000000, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3243f6a88, 0x0370734413198a2e, 0x299f31d0a4093822, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_OfPublishedVectors_GivesPublishedWords(ulong low, ulong high, ulong key, uint w0, uint w1, uint w2, uint w3)
    {
        uint[] words = new uint[4];
        Philox.Block(low, high, key, words);
        Assert.Equal([w0, w1, w2, w3], words);
    }

    [Fact]
    public void NextUInt32_OfNamedStream_IsPhiloxOfHashedName()
    {
        byte[] name = [7, 0, 0, 0, 0, 0, 0, 0, .. "data-order"u8];
        ulong key = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(name));
        uint[] first = new uint[4], second = new uint[4];
        Philox.Block(0, 3, key, first);
        Philox.Block(1, 3, key, second);

        var stream = new RandomStream(7, "data-order", 3);

        Assert.Equal(first.Concat(second), Enumerable.Range(0, 8).Select(_ => stream.NextUInt32()));
    }

    [Fact]
    public void Position_SetAnywhere_ContinuesAsIfDrawnInOrder()
    {
        var stream = new RandomStream(1, "test", 0);
        uint[] inOrder = [.. Enumerable.Range(0, 50).Select(_ => stream.NextUInt32())];
        foreach (int position in (int[])[49, 0, 17, 18, 3, 4, 31, 30])
        {
            stream.Position = (ulong)position;
            Assert.Equal(inOrder[position], stream.NextUInt32());
            Assert.Equal((ulong)position + 1, stream.Position);
        }
    }

    [Fact]
    public void NextUInt32_OfOtherSeedPurposeOrNumber_Differs()
    {
        RandomStream[] streams = [new(1, "a", 0), new(2, "a", 0), new(1, "b", 0), new(1, "a", 1)];
        Assert.Equal(4, streams.Select(stream => stream.NextUInt64()).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("größe")]
    [InlineData("a purpose of more than sixty-four characters, which is longer than any")]
    public void Create_OfBadPurpose_IsRefused(string purpose) =>
        Assert.Throws<ArgumentException>(() => new RandomStream(0, purpose, 0));

    [Fact]
    public void NextSingleAndDouble_OfManyDraws_AreUniform()
    {
        var stream = new RandomStream(11, "test", 0);
        const int Draws = 200_000;
        int[] singles = new int[100], doubles = new int[100];
        for (int draw = 0; draw < Draws; draw++)
        {
            float single = stream.NextSingle();
            double number = stream.NextDouble();
            Assert.InRange(single, 0f, 0.99999997f);
            Assert.InRange(number, 0d, 0.9999999999999999);
            singles[(int)(single * 100)]++;
            doubles[(int)(number * 100)]++;
        }

        AssertUniform(singles);
        AssertUniform(doubles);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(97)]
    public void NextInt32_OfManyDraws_IsUniform(int bound)
    {
        var stream = new RandomStream(12, "test", (ulong)bound);
        int[] counts = new int[bound];
        for (int draw = 0; draw < 100_000; draw++)
        {
            counts[stream.NextInt32(bound)]++;
        }

        AssertUniform(counts);
    }

    /// <summary>With a bound of 3·2^29 the share of each third is a third only if biased words are rejected; without that it is 3/8, 3/8, 1/4.</summary>
    [Fact]
    public void NextInt32_OfBoundThatDoesNotDivide_HasNoBias()
    {
        const int Bound = 3 << 29;
        var stream = new RandomStream(13, "test", 0);
        int[] counts = new int[3];
        for (int draw = 0; draw < 100_000; draw++)
        {
            counts[stream.NextInt32(Bound) % 3]++;
        }

        AssertUniform(counts);
    }

    [Fact]
    public void NextInt32_OfBoundBelowOne_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, "test", 0).NextInt32(0));

    [Fact]
    public void NextGaussian_OfManyDraws_HasMomentsOfStandardNormal()
    {
        var stream = new RandomStream(14, "test", 0);
        const int Draws = 400_000;
        double sum = 0, squares = 0, cubes = 0, fourths = 0;
        int beyondTwo = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            double value = stream.NextGaussian();
            sum += value;
            squares += value * value;
            cubes += value * value * value;
            fourths += value * value * value * value;
            beyondTwo += Math.Abs(value) > 2 ? 1 : 0;
        }

        // Five standard errors: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n), sqrt(p(1-p)/n).
        Assert.InRange(sum / Draws, -0.008, 0.008);
        Assert.InRange(squares / Draws, 0.988, 1.012);
        Assert.InRange(cubes / Draws, -0.031, 0.031);
        Assert.InRange(fourths / Draws, 2.92, 3.08);
        Assert.InRange(beyondTwo / (double)Draws, 0.0455 - 0.0017, 0.0455 + 0.0017);
        Assert.Equal(4ul * Draws, stream.Position);
    }

    [Fact]
    public void Shuffle_OfFourValues_GivesEveryOrderEquallyOften()
    {
        var stream = new RandomStream(15, "test", 0);
        var counts = new Dictionary<string, int>();
        for (int draw = 0; draw < 48_000; draw++)
        {
            char[] values = ['a', 'b', 'c', 'd'];
            stream.Shuffle<char>(values);
            string order = new(values);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        AssertUniform([.. counts.Values]);
    }

    /// <summary>Chi-squared below its mean plus five standard deviations.</summary>
    private static void AssertUniform(int[] counts)
    {
        double expected = counts.Sum() / (double)counts.Length;
        double chiSquared = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double freedom = counts.Length - 1;
        Assert.InRange(chiSquared, 0, freedom + (5 * Math.Sqrt(2 * freedom)));
    }
}
