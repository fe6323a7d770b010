using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Tests;

public sealed class ModelFoldersTests : IDisposable
{
    private const string WithoutModel = """
        name: tiny
        data: { base: [a], highRisk: [b] }
        arms: [full]
        seeds: [0]
        amounts: [0.5]

        """;

    private static readonly ModelDescription Description = new()
    {
        VocabularySize = 320,
        HiddenSize = 16,
        Layers = 2,
        Heads = 2,
        FeedForwardSize = 24,
        MaximumSequenceLength = 64,
        Norm = NormKind.Rms,
        NormEpsilon = 1e-6f,
        RotaryBase = 500_000,
        TiedEmbeddings = true,
    };

    private readonly string _root = Directory.CreateTempSubdirectory("slungorleans-").FullName;

    private string Folder => Path.Combine(_root, "model");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Resolve_Folder_DecidesTheModel()
    {
        Write(momentSteps: 77);

        var model = ModelFolders.Resolve(new ModelSpecification { From = Folder, SequenceLength = 32, Moments = true });

        Assert.Equal(Description with { MaximumSequenceLength = 32 }, TrainingMapping.ToModel(model, 300));
        Assert.Equal((1e-6, 500_000, 77), (model.NormEpsilon, model.RotaryBase, model.MomentSteps));
        Assert.Equal(HuggingFaceFolder.Fingerprint(HuggingFaceFolder.Open(Folder).HashFiles(moments: true)), model.FromSha256);
        Assert.Equal(model, ModelFolders.Resolve(model));
    }

    [Fact]
    public void Load_StartOfFolder_GivesItsWeightsAndMoments()
    {
        using var written = Write(momentSteps: 77);
        var start = ModelFolders.ToStart(ModelFolders.Resolve(new ModelSpecification { From = Folder, SequenceLength = 32, Moments = true }))!;
        using var model = new ManagedEngine().Create(Description with { MaximumSequenceLength = 32 }, threads: 1);

        start.Load(model);

        Assert.Equal(77, start.OptimizerSteps);
        foreach (var parameter in model.Parameters)
        {
            foreach (var kind in new[] { TensorKind.Weight, TensorKind.SecondMoment })
            {
                float[] expected = new float[parameter.Length], found = new float[parameter.Length];
                written.Read(parameter.Name, kind, expected);
                model.Read(parameter.Name, kind, found);
                Assert.Equal(expected, found);
            }
        }
    }

    [Fact]
    public void Load_FolderThatWasChangedAfterLaunch_IsRefused()
    {
        Write().Dispose();
        var start = ModelFolders.ToStart(ModelFolders.Resolve(new ModelSpecification { From = Folder, SequenceLength = 32 }))!;
        File.AppendAllText(Path.Combine(Folder, "tokenizer.json"), " ");
        using var model = new ManagedEngine().Create(Description, threads: 1);

        Assert.Contains("together; expected", Assert.Throws<LabException>(() => start.Load(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FolderThatCannotBeUsed_NamesTheField()
    {
        Assert.StartsWith("model.from: The model folder", FaultOf(new ModelSpecification { From = Path.Combine(_root, "none") }), StringComparison.Ordinal);

        Write().Dispose();
        Assert.StartsWith("model.sequenceLength: 65 is more than the 64", FaultOf(new ModelSpecification { From = Folder, SequenceLength = 65 }), StringComparison.Ordinal);
        Assert.StartsWith("model.moments: there is no optimizer.safetensors", FaultOf(new ModelSpecification { From = Folder, SequenceLength = 32, Moments = true }), StringComparison.Ordinal);
        Assert.Contains("expected 00", FaultOf(new ModelSpecification { From = Folder, SequenceLength = 32, FromSha256 = "00" }), StringComparison.Ordinal);
        File.Delete(Path.Combine(Folder, "tokenizer.json"));
        Assert.StartsWith("model.from: there is no tokenizer.json", FaultOf(new ModelSpecification { From = Folder, SequenceLength = 32 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_TokenizerLargerThanTheEmbedding_IsRefused()
    {
        Write(rows: 290).Dispose();

        Assert.Contains("has 300 tokens, more than the 290 rows", FaultOf(new ModelSpecification { From = Folder, SequenceLength = 32 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FieldsThatTheFolderDecides_AreFaults()
    {
        const string yaml = WithoutModel + """
            tokenizer: { vocabularySize: 300 }
            model: { from: some/folder, layers: 3, sequenceLength: 64 }
            """;

        Assert.Equal(
            ["Line 7: model.layers: comes from the folder that model.from names; leave it out.", "Line 6: tokenizer: comes from the folder that model.from names; leave it out."],
            StudyYaml.Read(yaml).Faults.AsEnumerable());
        Assert.StartsWith("model.moments:", Assert.Single(StudyYaml.Read(yaml.Replace("from: some/folder, layers: 3", "moments: true", StringComparison.Ordinal)).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_StudyFromFolder_ReadsBackTheSame()
    {
        var specification = StudyYaml.Read(WithoutModel + "model: { from: some/folder, moments: true, sequenceLength: 64 }").Specification!;

        var again = StudyYaml.Read(StudyYaml.Write(specification));

        Assert.Empty(again.Faults);
        Assert.Equal(specification.Model, again.Specification!.Model);
    }

    private static string FaultOf(ModelSpecification model) => Assert.Throws<LabException>(() => ModelFolders.Resolve(model)).Message;

    private ITrainableModel Write(int rows = 320, long? momentSteps = null)
    {
        var tokenizer = BytePairTokenizer.Train(Enumerable.Range(0, 200).Select(number => $"invented words {number} and {number * number}, many of them"), 300);
        using var json = new MemoryStream();
        tokenizer.Save(json);
        var model = new ManagedEngine().Create(Description with { VocabularySize = rows }, threads: 1);
        model.Initialise(1);
        int[] tokens = [.. Enumerable.Range(0, 20)];
        model.ComputeGradients(new TokenBatch(1, tokens.Length, tokens, new byte[tokens.Length]), LossRouting.CrossEntropyEverywhere);
        model.Update(new AdamWSettings(), 1e-3, 1);
        new HuggingFaceExport { Tokenizer = json.ToArray(), EndOfText = tokenizer.EndOfText, MomentSteps = momentSteps }.Write(model, Folder);
        return model;
    }
}
