using System.Buffers.Binary;

namespace SlungOrleans.Corpora.Tests.Tagging;

public sealed class FastTextFileTests
{
    [Theory]
    [InlineData(0, 1, "the file begins with 1; expected a model of fastText (793712314).")]
    [InlineData(4, 11, "its format version is 11; expected 12.")]
    [InlineData(8, 0, "dim is 0; expected 1 to 2147483647.")]
    [InlineData(8, int.MaxValue, "the input matrix is 66 by 4; expected 66 by 2147483647.")]
    [InlineData(28, 101, "wordNgrams is 101; expected 0 to 100.")]
    [InlineData(32, 5, "loss is 5; expected 1 to 4.")]
    [InlineData(36, 2, "its model is of kind 2; expected a supervised one (3).")]
    [InlineData(40, 0, "bucket is 0, wordNgrams 2 and maxn 6; expected buckets for the runs.")]
    [InlineData(40, int.MaxValue, "the input matrix is 66 by 4; expected 2147483673 by 4.")]
    [InlineData(44, -1, "minn is -1; expected 0 to 2147483647.")]
    [InlineData(48, 1000, "maxn is 1000; expected 0 to 100.")]
    [InlineData(64, 7, "the dictionary has 7 entries; expected as many as words (26) and labels (6).")]
    [InlineData(68, -1, "the number of words is -1; expected 0 to 268435456.")]
    [InlineData(72, 0, "the number of labels is 0; expected 1 to 268435456.")]
    [InlineData(84, 0, "the dictionary is pruned (to -4294967296 runs); expected one that is not.")]
    public void Load_DamagedHeader_NamesTheField(int offset, int value, string expected)
    {
        var bytes = Fixture();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);

        Assert.Equal("model.bin: " + expected, FaultOf(bytes));
    }

    [Fact]
    public void Load_ManyEntriesInAShortFile_IsRefusedBeforeMemoryIsTaken()
    {
        var bytes = Fixture();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(64), 200_000_006);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(68), 200_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = FaultOf(bytes);

        Assert.Contains("the file ends within the dictionary: 200000006 of them are expected", fault, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Load_HugeMatrixOfItsOwnWord_IsRefusedBeforeMemoryIsTaken()
    {
        var bytes = Fixture();
        var rows = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[66, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 100_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(rows), 100_000_026);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = FaultOf(bytes);

        Assert.Contains("the file ends within the input matrix: 1600000416 bytes are expected", fault, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Load_QuantisedModel_SaysSo()
    {
        var bytes = Fixture();
        bytes[bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[66, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]) - 1] = 1;

        Assert.Equal("model.bin: the input matrix is quantised; expected a model that is not (a .bin rather than an .ftz file).", FaultOf(bytes));
    }

    [Fact]
    public void Load_NumberThatIsNone_IsRefused()
    {
        var bytes = Fixture();
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), float.NaN);

        Assert.Equal("model.bin: the output matrix holds NaN; expected finite numbers.", FaultOf(bytes));
    }

    [Fact]
    public void Load_EveryTruncation_IsRefusedInOneSentence()
    {
        var bytes = Fixture();

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Matches(@"^model\.bin: the file ends within [^.]*\.$", FaultOf(bytes[..length])));
        Assert.Equal("model.bin: bytes after the model: 1; expected none.", FaultOf([.. bytes, 0]));
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("hs")]
    public void Load_AnyByteAltered_IsRefusedOrPredicts(string name)
    {
        var original = File.ReadAllBytes(FastTextFixture.PathOf(name));
        for (var i = 0; i < original.Length; i++)
        {
            foreach (var change in (byte[])[0x01, 0xFF])
            {
                var bytes = original.ToArray();
                bytes[i] ^= change;
                FastTextModel model;
                try
                {
                    model = FastTextModel.Load(new MemoryStream(bytes), "model.bin");
                }
                catch (CorpusFormatException)
                {
                    continue;
                }

                Assert.All(model.Predict(FastTextFixture.Texts[i % FastTextFixture.Texts.Length]), p => Assert.InRange(p.Probability, 0, 1.0001));
            }
        }
    }

    [Fact]
    public void Load_TreeOfEqualAndAbsurdCounts_IsRefusedOrPredicts()
    {
        var bytes = File.ReadAllBytes(FastTextFixture.PathOf("hs"));
        var labels = Enumerable.Range(0, bytes.Length - 9).Where(i => bytes.AsSpan(i).StartsWith("__label__"u8)).ToList();
        foreach (var label in labels)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(label + bytes.AsSpan(label).IndexOf((byte)0) + 1), 0);
        }

        Assert.NotEmpty(FastTextModel.Load(new MemoryStream(bytes), "model.bin").Predict("kabe"));

        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(labels[0] + bytes.AsSpan(labels[0]).IndexOf((byte)0) + 1), long.MaxValue);
        Assert.Equal("model.bin: the labels were seen 1e15 times or more; expected fewer.", FaultOf(bytes));
    }

    [Fact]
    public void Load_NoFile_SaysSo()
    {
        var path = FastTextFixture.PathOf("nowhere");

        Assert.Equal($"{path}: there is no such file; expected a model of fastText.", Assert.Throws<CorpusFormatException>(() => FastTextModel.Load(path)).Message);
    }

    private static byte[] Fixture() => File.ReadAllBytes(FastTextFixture.PathOf("softmax"));

    private static string FaultOf(byte[] bytes) =>
        Assert.Throws<CorpusFormatException>(() => FastTextModel.Load(new MemoryStream(bytes), "model.bin")).Message;
}
