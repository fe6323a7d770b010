namespace SlungOrleans.Corpora.Tests.Packing;

public sealed class SegmentedBytesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1500)]
    [InlineData(1 << 28)]
    public void CopyTo_AnyPart_IsWhatWasAppended(int segmentLength)
    {
        byte[] expected = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31))];
        var bytes = new SegmentedBytes(segmentLength);
        for (int start = 0, count = 0; start < expected.Length; start += count)
        {
            count = Math.Min(expected.Length - start, ((start * 7) % 997) + 1);
            bytes.Append(expected.AsSpan(start, count));
        }

        Assert.Equal(expected.Length, bytes.Length);
        foreach (var (start, count) in new[] { (0, 5000), (0, 0), (5000, 0), (4999, 1), (6, 2), (1499, 1502), (1023, 3) })
        {
            var part = new byte[count];
            bytes.CopyTo(start, part);
            Assert.Equal(expected[start..(start + count)], part);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.CopyTo(4999, new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.CopyTo(-1, new byte[2]));
    }

    [Fact]
    public async Task AppendAsync_MoreThanAsked_StopsThere()
    {
        var bytes = new SegmentedBytes(10);
        Assert.Equal(23, await bytes.AppendAsync(new MemoryStream(new byte[40]), 23, CancellationToken.None));
        Assert.Equal(17, await bytes.AppendAsync(new MemoryStream(new byte[17]), 1L << 40, CancellationToken.None));
        Assert.Equal(40, bytes.Length);
    }

    /// <summary>The ids of the paper's figure 2, 8.6 GB of them, whose sequences are only made when they are read.</summary>
    [Fact]
    public async Task Read_StreamOfFourBillionTokens_HasItsSequencesAtTheirPlaces()
    {
        const int sequences = 2_089_216, length = 4096;
        await using var stream = new SequenceStream(sequences, length, (index, bytes) =>
        {
            for (var i = 0; i < bytes.Length; i += sizeof(int))
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(i), index);
            }
        });
        Assert.Equal(8_557_428_736, stream.Length);
        foreach (var index in new[] { 0, 524_287, 524_288, 1_048_576, sequences - 1 })
        {
            stream.Position = ((long)index * length) + length - sizeof(int);
            var numbers = new byte[2 * sizeof(int)];
            var read = await stream.ReadAtLeastAsync(numbers, numbers.Length, throwOnEndOfStream: false);
            Assert.Equal(index == sequences - 1 ? sizeof(int) : 2 * sizeof(int), read);
            Assert.Equal((index, index == sequences - 1 ? 0 : index + 1), (BitConverter.ToInt32(numbers, 0), BitConverter.ToInt32(numbers, sizeof(int))));
        }
    }
}
