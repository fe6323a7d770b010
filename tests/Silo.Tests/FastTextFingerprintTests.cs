using System.Security.Cryptography;
using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Tests;

public sealed class FastTextFingerprintTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Add_ModelFile_NamesItsBytes()
    {
        File.WriteAllText(_file, "model");

        var tagger = FastTextFingerprint.Add(new TaggerSpecification { Kind = "fasttext", Model = _file, Label = "toxic" });

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("model"u8)), tagger.ModelSha256);
        Assert.Equal(tagger, FastTextFingerprint.Add(tagger));
        File.WriteAllText(_file, "another model");
        Assert.EndsWith($"expected {tagger.ModelSha256}.", Assert.Throws<LabException>(() => FastTextFingerprint.Add(tagger)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NoFile_SaysSo()
    {
        var tagger = new TaggerSpecification { Kind = "fasttext", Model = _file + ".bin", Label = "toxic" };

        Assert.Equal(
            $"data.tagger.model: there is no file '{_file}.bin'; expected a model of fastText.",
            Assert.Throws<LabException>(() => FastTextFingerprint.Add(tagger)).Message);
    }

    [Fact]
    public void Add_OtherTagger_IsLeftAlone()
    {
        var tagger = new TaggerSpecification { Kind = "gold" };

        Assert.Same(tagger, FastTextFingerprint.Add(tagger));
        // Tagging jobs are named by this.
        Assert.Equal("""{"Kind":"gold","WordList":null,"TrainedOn":[]}""", JsonSerializer.Serialize(tagger));
    }
}
