using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SlungOrleans.Corpora.Tests.Packing;

public sealed class PackedDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SaveAsync_Dataset_WritesHeaderlessLittleEndianFilesAndAManifest()
    {
        await SaveAsync(Sample());
        Assert.Equal([2, 0, 1, 1, 3, 0, 0, 0], await File.ReadAllBytesAsync(Path(PackedDataset.InputIdsName)));
        Assert.Equal([1, 3, 2, 1], await File.ReadAllBytesAsync(Path(PackedDataset.LabelMaskName)));
        var text = await File.ReadAllTextAsync(Path(PackedDataset.ManifestName));
        Assert.Equal(
            $$"""
            {
              "formatVersion": 1,
              "tokenWidth": "uint16",
              "sequences": 2,
              "sequenceLength": 2,
              "vocabularySize": 258,
              "tokenizer": "{{ByteTokenizer.Instance.Fingerprint}}",
              "inputIdsSha256": "{{Hash(PackedDataset.InputIdsName)}}",
              "labelMaskSha256": "{{Hash(PackedDataset.LabelMaskName)}}",
              "labels": {
                "endOfText": 0,
                "benign": 2,
                "middle": 1,
                "highRisk": 1
              }
            }

            """,
            text);
    }

    [Fact]
    public async Task LoadAsync_Saved_IsTheSame()
    {
        var saved = Sample();
        await SaveAsync(saved);
        var loaded = await LoadAsync();
        Assert.Equal(saved.Manifest, loaded.Manifest);
        Assert.Equal(SequencePackerTests.Flat(saved), SequencePackerTests.Flat(loaded));
    }

    [Theory]
    [InlineData(PackedDataset.InputIdsName, "input_ids has 7 bytes; 8 are expected by manifest.json")]
    [InlineData(PackedDataset.LabelMaskName, "label_mask has 3 bytes; 4 are expected by manifest.json")]
    public async Task LoadAsync_CutFile_IsRefused(string name, string message)
    {
        await SaveAsync(Sample());
        var bytes = await File.ReadAllBytesAsync(Path(name));
        await File.WriteAllBytesAsync(Path(name), bytes[..^1]);
        Assert.Contains(message, await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_LongerFile_IsRefused()
    {
        await SaveAsync(Sample());
        await File.AppendAllTextAsync(Path(PackedDataset.LabelMaskName), "x");
        Assert.Contains("label_mask has more than 4 bytes; 4 are expected", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PackedDataset.InputIdsName)]
    [InlineData(PackedDataset.LabelMaskName)]
    public async Task LoadAsync_ChangedFile_IsRefused(string name)
    {
        await SaveAsync(Sample());
        var bytes = await File.ReadAllBytesAsync(Path(name));
        bytes[^1] ^= 2;
        await File.WriteAllBytesAsync(Path(name), bytes);
        Assert.Contains($"{name} has the SHA-256 {Hash(name)}; ", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("formatVersion", "2", "formatVersion is 2; 1 is expected")]
    [InlineData("tokenWidth", "\"float\"", "cannot be read as the manifest")]
    [InlineData("tokenWidth", "3", "has tokenWidth 3")]
    [InlineData("sequences", "-1", "-1 sequences of length 2")]
    [InlineData("sequences", "2000000000", "input_ids has 8 bytes; 8000000000 are expected")]
    [InlineData("vocabularySize", "257", "has the id 257 at token 1; ids below 257 are expected")]
    [InlineData("labels", """{"endOfText":0,"benign":3,"middle":0,"highRisk":1}""", "label counts are")]
    [InlineData("tokenizer", null, "cannot be read as the manifest")]
    public async Task LoadAsync_ManifestThatDoesNotFit_IsRefused(string member, string? value, string message)
    {
        await SaveAsync(Sample());
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path(PackedDataset.ManifestName)))!.AsObject();
        manifest.Remove(member);
        if (value is not null)
        {
            manifest[member] = JsonNode.Parse(value);
        }

        await File.WriteAllTextAsync(Path(PackedDataset.ManifestName), manifest.ToJsonString());
        Assert.Contains(message, await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadHeaderlessAsync_AuthorsFiles_AreRead()
    {
        await SaveAsync(Sample());
        var dataset = await LoadHeaderlessAsync(new PackedForm(TokenWidth.UInt16, 2, 258));
        Assert.Equal([(2, 1), (257, 3), (3, 2), (0, 1)], SequencePackerTests.Flat(dataset));

        var wide = await LoadHeaderlessAsync(new PackedForm(TokenWidth.UInt32, 1, int.MaxValue), labels: [1, 3]);
        Assert.Equal([(0x01010002, 1), (3, 3)], SequencePackerTests.Flat(wide));
    }

    [Theory]
    [InlineData(TokenWidth.UInt32, 2, 258, "input_ids has 8 bytes and label_mask 4; 4 bytes for each label")]
    [InlineData(TokenWidth.UInt16, 3, 258, "whole sequences of 3, are expected")]
    [InlineData(TokenWidth.UInt16, 2, 257, "has the id 257 at token 1")]
    public async Task LoadHeaderlessAsync_FilesOfAnotherForm_AreRefused(TokenWidth width, int length, int vocabulary, string message)
    {
        await SaveAsync(Sample());
        var exception = await Assert.ThrowsAsync<CorpusFormatException>(() => LoadHeaderlessAsync(new PackedForm(width, length, vocabulary)));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadHeaderlessAsync_LabelAbove3_IsRefused()
    {
        await SaveAsync(Sample());
        var exception = await Assert.ThrowsAsync<CorpusFormatException>(
            () => LoadHeaderlessAsync(new PackedForm(TokenWidth.UInt16, 2, 258), labels: [1, 1, 4, 1]));
        Assert.Contains("position 2 is 4; 0 to 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OutsideOrIntoOtherLengths_Throws()
    {
        var dataset = Sample();
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Read(2, new int[2], new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Read(-1, new int[2], new byte[2]));
        Assert.Throws<ArgumentException>(() => dataset.Read(0, new int[3], new byte[2]));
    }

    private static PackedDataset Sample()
    {
        var packer = new SequencePacker(ByteTokenizer.Instance, 2);
        packer.Add([2, 257, 3], [1, 3, 2]);
        return packer.Build();
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path(name))));

    private Task SaveAsync(PackedDataset dataset) => dataset.SaveAsync(async (name, content, cancellation) =>
    {
        await using var file = File.Create(Path(name));
        await content.CopyToAsync(file, cancellation);
    });

    private Task<PackedDataset> LoadAsync() => PackedDataset.LoadAsync((name, _) => Task.FromResult<Stream>(File.OpenRead(Path(name))));

    private async Task<string> RefusalAsync() => (await Assert.ThrowsAsync<CorpusFormatException>(LoadAsync)).Message;

    private async Task<PackedDataset> LoadHeaderlessAsync(PackedForm form, byte[]? labels = null)
    {
        await using var inputIds = File.OpenRead(Path(PackedDataset.InputIdsName));
        await using Stream labelMask = labels is null ? File.OpenRead(Path(PackedDataset.LabelMaskName)) : new MemoryStream(labels);
        return await PackedDataset.LoadHeaderlessAsync(inputIds, labelMask, form);
    }
}
