using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.Tests.HuggingFace;

public sealed class HuggingFaceExportTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "model");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(NormKind.Rms, false, long.MaxValue)]
    [InlineData(NormKind.Rms, true, 4000)]
    [InlineData(NormKind.NonParametricLayerNorm, true, long.MaxValue)]
    [InlineData(NormKind.NonParametricLayerNorm, false, 1)]
    public void Write_InF32_IsReadToTheBit(NormKind norm, bool tied, long largestFile)
    {
        ModelDescription description = Samples.Description(norm: norm, tied: tied);
        using ITrainableModel model = Trained(description);
        new HuggingFaceExport { LargestFile = largestFile, MomentSteps = 123 }.Write(model, Target);

        var folder = HuggingFaceFolder.Open(Target);
        using ITrainableModel read = new ManagedEngine().Create(folder.Model, threads: 1);
        folder.LoadWeights(read);
        folder.LoadMoments(read);

        Assert.Equal(description, folder.Model);
        Assert.Equal(123, folder.MomentSteps);
        foreach (TensorKind kind in (TensorKind[])[TensorKind.Weight, TensorKind.FirstMoment, TensorKind.SecondMoment])
        {
            Assert.Equal(Bits(model.ReadAll(kind)), Bits(read.ReadAll(kind)));
        }

        Assert.Equal(largestFile == long.MaxValue, File.Exists(Path.Combine(Target, "model.safetensors")));
    }

    [Fact]
    public void Write_InShards_HasAnIndexOfAllTensorsAndNoFileAboveTheLimit()
    {
        using ITrainableModel model = Trained(Samples.Description());
        new HuggingFaceExport { LargestFile = 5000 }.Write(model, Target);

        JsonNode index = JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "model.safetensors.index.json")))!;
        Assert.Equal(model.Parameters.Select(parameter => parameter.Name), index["weight_map"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(4 * model.Parameters.Sum(parameter => parameter.Length), (long)index["metadata"]!["total_size"]!);
        string[] shards = Directory.GetFiles(Target, "model-*.safetensors");
        Assert.True(shards.Length > 2);
        foreach (string shard in shards)
        {
            using FileStream file = File.OpenRead(shard);
            var reader = new SafetensorsReader(file, shard);
            Assert.True(reader.Tensors.Count == 1 || reader.Tensors.Sum(tensor => tensor.Bytes) <= 5000);
        }
    }

    [Fact]
    public void Write_InBF16_RoundsToTheNearest()
    {
        using ITrainableModel model = Trained(Samples.Description(tied: true));
        new HuggingFaceExport { Type = SafetensorsType.BF16 }.Write(model, Target);

        var folder = HuggingFaceFolder.Open(Target);
        using ITrainableModel read = new ManagedEngine().Create(folder.Model, threads: 1);
        folder.LoadWeights(read);

        Assert.Equal(model.ReadAll(TensorKind.Weight).Select(NearestBF16), read.ReadAll(TensorKind.Weight));
    }

    [Theory]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(1.00390637f, 0x3F81)]
    [InlineData(3.4e38f, 0x7F80)]
    [InlineData(-0f, 0x8000)]
    [InlineData(1e-45f, 0x0000)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    public void RoundToBF16_OfValue_IsIeeesNearestEven(float value, int expected)
    {
        ushort[] rounded = new ushort[1];
        SafetensorsElements.RoundToBF16([value], rounded);
        Assert.Equal(expected, rounded[0]);
    }

    [Fact]
    public void Widen_OfEveryHalf_IsItsValue()
    {
        ushort[] halves = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];
        float[] wide = new float[halves.Length];
        SafetensorsElements.Widen(SafetensorsType.F16, halves, wide);
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            int exponent = bits >> 10, fraction = bits & 0x3FF;
            double value = exponent == 0 ? fraction * Math.Pow(2, -24) : (1 + (fraction / 1024.0)) * Math.Pow(2, exponent - 15);
            Assert.Equal((value, -value), (wide[bits], wide[bits | 0x8000]));
        }
    }

    [Fact]
    public void Write_IntoFolderThatHoldsSomething_LeavesItAsItIs()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine.txt"), "mine");
        using ITrainableModel model = Trained(Samples.Description());

        HuggingFaceException failure = Assert.Throws<HuggingFaceException>(() => new HuggingFaceExport().Write(model, Target));

        Assert.Contains("there is something in it already", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(Target).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_ThatIsCancelled_LeavesNothing()
    {
        using ITrainableModel model = Trained(Samples.Description());

        Assert.Throws<OperationCanceledException>(() => new HuggingFaceExport().Write(model, Target, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, "model*"));
    }

    [Fact]
    public void Write_OfOlmoWithAnotherEpsilon_IsRefused()
    {
        using ITrainableModel model = new ManagedEngine().Create(Samples.Description(norm: NormKind.NonParametricLayerNorm) with { NormEpsilon = 1e-6f }, threads: 1);

        HuggingFaceException failure = Assert.Throws<HuggingFaceException>(() => new HuggingFaceExport().Write(model, Target));

        Assert.Contains("the norm's epsilon is 1E-06, expected 1E-05", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HashFiles_OfFolder_ChangesWithEveryFile()
    {
        using ITrainableModel model = Trained(Samples.Description());
        new HuggingFaceExport { LargestFile = 5000, MomentSteps = 1, Tokenizer = "{}"u8.ToArray() }.Write(model, Target);
        var folder = HuggingFaceFolder.Open(Target);
        IReadOnlyDictionary<string, string> files = folder.HashFiles(moments: true);
        string before = HuggingFaceFolder.Fingerprint(files);

        Assert.Equal(Directory.GetFiles(Target).Select(Path.GetFileName).Except(["tokenizer_config.json"]).Order(StringComparer.Ordinal), files.Keys);
        Assert.DoesNotContain("optimizer.safetensors", folder.HashFiles(moments: false).Keys);
        foreach (string name in files.Keys)
        {
            string path = Path.Combine(Target, name);
            byte[] content = File.ReadAllBytes(path);
            File.WriteAllBytes(path, [.. content[..^1], (byte)(content[^1] ^ 1)]);
            Assert.NotEqual(before, HuggingFaceFolder.Fingerprint(folder.HashFiles(moments: true)));
            File.WriteAllBytes(path, content);
        }

        Assert.Equal(before, HuggingFaceFolder.Fingerprint(folder.HashFiles(moments: true)));
    }

    private static ITrainableModel Trained(ModelDescription description)
    {
        ITrainableModel model = Samples.Model(description);
        model.ComputeGradients(Samples.Batch(description, sequences: 2, length: 9), LossRouting.CrossEntropyEverywhere);
        model.Update(new AdamWSettings(), 1e-3, 1);
        return model;
    }

    private static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    /// <summary>The nearer of the two neighbours, found in double precision; the even one of two that are as near.</summary>
    private static float NearestBF16(float value)
    {
        uint low = BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000, high = low + 0x10000;
        double below = Math.Abs((double)value - BitConverter.UInt32BitsToSingle(low)), above = Math.Abs((double)value - BitConverter.UInt32BitsToSingle(high));
        return BitConverter.UInt32BitsToSingle(below < above || (below == above && (low & 0x10000) == 0) ? low : high);
    }
}
