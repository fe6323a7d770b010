using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SlungOrleans.Training.Tests.Data;

public sealed class DataOrderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(10, 5)]
    [InlineData(3, 8)]
    public void ReadBatch_OfStepsInOrder_GoesThroughEveryEpochOnce(int sequences, int batchSize)
    {
        int[] order = Sequential(new DataOrder(5, sequences), 4 * sequences, batchSize);
        foreach (int[] epoch in order.Chunk(sequences).Where(epoch => epoch.Length == sequences))
        {
            Assert.Equal(Enumerable.Range(0, sequences), epoch.Order());
        }
    }

    [Fact]
    public void ReadBatch_OfAnyStep_IsWhatTheStepsInOrderGive()
    {
        const int BatchSize = 4;
        int[][] inOrder = [.. Sequential(new DataOrder(5, 11), 30, BatchSize).Chunk(BatchSize)];
        var order = new DataOrder(5, 11);
        int[] batch = new int[BatchSize];
        foreach (int step in (int[])[30, 1, 17, 2, 29, 3, 3, 12])
        {
            order.ReadBatch(step, batch);
            Assert.Equal(inOrder[step - 1], batch);
        }
    }

    [Fact]
    public void ReadBatch_OfOtherBatchSize_GoesThroughTheSameOrder() =>
        Assert.Equal(Sequential(new DataOrder(5, 11), 20, 3), Sequential(new DataOrder(5, 11), 12, 5));

    [Fact]
    public void ReadBatch_OfEpochsAndSeeds_Differs()
    {
        int[][] orders = [.. Sequential(new DataOrder(5, 40), 3, 40).Chunk(40), .. Sequential(new DataOrder(6, 40), 1, 40).Chunk(40)];
        Assert.Equal(4, orders.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    /// <summary>As worked out from Philox's words by the test itself, with the algorithm that the documentation names.</summary>
    [Fact]
    public void ReadBatch_OfEpoch_IsFisherAndYatesOnNamedStream()
    {
        int[] expected = [.. Enumerable.Range(0, 20)];
        var stream = new RandomStream(9, "data-order", 2);
        for (int last = 19; last > 0; last--)
        {
            int other = stream.NextInt32(last + 1);
            (expected[last], expected[other]) = (expected[other], expected[last]);
        }

        int[] batch = new int[20];
        new DataOrder(9, 20).ReadBatch(3, batch);
        Assert.Equal(expected, batch);
    }

    [Fact]
    public void HashOf_Order_IsSha256OfNumbers()
    {
        byte[] bytes = [.. Sequential(new DataOrder(5, 11), 7, 3).SelectMany(sequence =>
        {
            byte[] word = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(word, sequence);
            return word;
        })];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), new DataOrder(5, 11).HashOf(7, 3));
        Assert.NotEqual(new DataOrder(5, 11).HashOf(7, 3), new DataOrder(6, 11).HashOf(7, 3));
    }

    [Fact]
    public void Create_WithoutSequences_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataOrder(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataOrder(1, 1).ReadBatch(0, new int[1]));
    }

    private static int[] Sequential(DataOrder order, int steps, int batchSize)
    {
        var sequences = new List<int>();
        int[] batch = new int[batchSize];
        for (int step = 1; step <= steps; step++)
        {
            order.ReadBatch(step, batch);
            sequences.AddRange(batch);
        }

        return [.. sequences];
    }
}
