using System.Runtime.InteropServices;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace SlungOrleans.Training.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    private static readonly (string Name, IReadOnlyList<int> Shape)[] Shapes =
        [("model.embed.weight", [3, 5]), ("empty", [0, 7]), ("norm \"ü\"", [4]), ("scalar", [])];

    /// <summary>Read by a parser of the test's own, from the format's description.</summary>
    [Fact]
    public void Stream_OfTensors_IsReadByIndependentParser()
    {
        byte[] file = Write();

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0ul, (8 + length) % 8);
        JsonObject header = JsonNode.Parse(Encoding.UTF8.GetString(file, 8, (int)length))!.AsObject();
        Assert.Equal("pt", (string?)header["__metadata__"]!["format"]);
        Assert.Equal(["__metadata__", .. Shapes.Select(tensor => tensor.Name)], header.Select(property => property.Key));
        int end = 8 + (int)length;
        for (int index = 0; index < Shapes.Length; index++)
        {
            JsonNode tensor = header[Shapes[index].Name]!;
            Assert.Equal("F32", (string?)tensor["dtype"]);
            Assert.Equal(Shapes[index].Shape, tensor["shape"]!.AsArray().Select(size => (int)size!));
            int begin = 8 + (int)length + (int)tensor["data_offsets"]![0]!;
            Assert.Equal(end, begin);
            end = 8 + (int)length + (int)tensor["data_offsets"]![1]!;
            float[] values = [.. file[begin..end].Chunk(4).Select(bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes))];
            Assert.Equal(Values(index), values);
        }

        Assert.Equal(file.Length, end);
    }

    [Fact]
    public void Stream_ReadInPiecesOfAnySize_IsTheSameFile()
    {
        byte[] file = Write();
        foreach (int piece in (int[])[1, 3, 7, 64, 1000])
        {
            using SafetensorsStream stream = Open();
            Assert.Equal(file.Length, stream.Length);
            using var copy = new MemoryStream();
            byte[] buffer = new byte[piece];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                copy.Write(buffer, 0, read);
                Assert.Equal(copy.Length, stream.Position);
            }

            Assert.Equal(file, copy.ToArray());
        }
    }

    [Fact]
    public void Reader_OfFileWrittenByHand_GivesTensorsInFileOrder()
    {
        byte[] file = File("""{"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"__metadata__":{"by":"hand"},"a":{"data_offsets":[0,4],"shape":[1,1],"dtype":"F32"}}   """, 1.5f, -2f, float.NaN);
        var reader = new SafetensorsReader(new MemoryStream(file), "hand");
        Assert.Equal(["a", "b"], reader.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 1], reader.Tensors[0].Shape);
        Assert.Equal("hand", reader.Metadata["by"]);
        float[] a = new float[1], b = new float[2];
        reader.Read(reader.Tensors[1], b);
        reader.Read(reader.Tensors[0], a);
        Assert.Equal([1.5f], a);
        Assert.Equal([-2f, float.NaN], b);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 2, "has 8 bytes, expected 4 for each element")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 1, "its header describes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 3, "its header describes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 2, "begins at 4, expected 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 1, "neither overlap nor leave gaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 3, "neither overlap nor leave gaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 2, "malformed")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", 1, "tensor 'a' is of type BF16, expected F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 1, "expected 4 for each element")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""", 0, "expected 4 for each element")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 1, "expected 4 for each element")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,4]}}""", 1, "malformed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 1, "expected a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 1, "expected a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 1, "expected a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}""", 1, "malformed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}""", 1, "malformed")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 1, "malformed")]
    [InlineData("""{"a":7}""", 0, "malformed")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "malformed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[[1]]]]]],"data_offsets":[0,4]}}""", 1, "malformed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 1, "malformed")]
    [InlineData(""" {}""", 0, "does not begin with '{'")]
    [InlineData("""[]""", 0, "does not begin with '{'")]
    [InlineData("", 0, "does not begin with '{'")]
    public void Reader_OfHostileHeader_SaysWhatIsWrong(string header, int values, string expected)
    {
        byte[] file = File(header, new float[values]);
        SafetensorsException failure = Assert.Throws<SafetensorsException>(() => new SafetensorsReader(new MemoryStream(file), "evil"));
        Assert.StartsWith("'evil' is not a safetensors file that can be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A length that were believed would be allocated.</summary>
    [Theory]
    [InlineData(0xffffffffffffffff)]
    [InlineData(0x7fffffffffffffff)]
    [InlineData(100_000_001)]
    [InlineData(3)]
    public void Reader_OfHostileHeaderLength_SaysWhatIsWrong(ulong length)
    {
        byte[] file = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        SafetensorsException failure = Assert.Throws<SafetensorsException>(() => new SafetensorsReader(new MemoryStream(file), "evil"));
        Assert.Contains($"its header is said to have {length} bytes, the file has 10", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_OfCutFile_SaysWhatIsWrong()
    {
        byte[] file = Write();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<SafetensorsException>(() => new SafetensorsReader(new MemoryStream(file, 0, length), "cut"));
        }
    }

    /// <summary>Whatever is changed in the header: it is refused, or describes exactly the bytes that are there.</summary>
    [Fact]
    public void Reader_OfAnyAlteredByte_RefusesOrStaysInsideTheFile()
    {
        byte[] file = Write();
        int header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var random = new Random(3);
        for (int attempt = 0; attempt < 3000; attempt++)
        {
            byte[] altered = [.. file];
            altered[random.Next(header)] = (byte)random.Next(256);
            try
            {
                var reader = new SafetensorsReader(new MemoryStream(altered), "altered");
                Assert.Equal(altered.Length - header, reader.Tensors.Sum(tensor => tensor.Bytes));
                foreach (SafetensorsTensor tensor in reader.Tensors)
                {
                    reader.Read(tensor, new float[tensor.Length]);
                }
            }
            catch (SafetensorsException)
            {
                // Refused, as it may.
            }
        }
    }

    private static SafetensorsStream Open() => new(Shapes, (index, destination) => MemoryMarshal.AsBytes<float>(Values(index)).CopyTo(destination.Span));

    private static byte[] Write()
    {
        using SafetensorsStream stream = Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static float[] Values(int index) =>
        [.. Enumerable.Range(0, Shapes[index].Shape.Aggregate(1, (product, size) => product * size)).Select(value => (value * 0.75f) - index)];

    private static byte[] File(string header, params float[] values)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + (4 * values.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        for (int index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + json.Length + (4 * index)), values[index]);
        }

        return file;
    }
}
