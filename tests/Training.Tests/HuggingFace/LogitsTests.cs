using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.Tests.HuggingFace;

/// <summary>Folders of every form against the logits that <c>PyTorch/model_folders.py</c> computed from them in double precision.</summary>
public sealed class LogitsTests
{
    private const int Sequences = 3;
    private const int Length = 12;
    private static readonly string Folders = Path.Combine(AppContext.BaseDirectory, "HuggingFace", "PyTorch", "Folders");

    public static TheoryData<string> Forms => ["olmo-transformers", "olmo-original", "llama"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void LoadWeights_OfFolder_GivesPyTorchsLogits(string form)
    {
        var folder = HuggingFaceFolder.Open(Path.Combine(Folders, form));
        using ITrainableModel model = new ManagedEngine().Create(folder.Model, threads: 2);
        folder.LoadWeights(model);
        (int[][] tokens, float[] expected) = Expected(form);
        int rows = folder.Model.VocabularySize, width = folder.Model.HiddenSize;
        float[] head = model.Read(folder.Model.TiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", TensorKind.Weight);
        for (int sequence = 0; sequence < Sequences; sequence++)
        {
            int[][] prefixes = [.. Enumerable.Range(1, Length).Select(length => tokens[sequence][..length])];
            float[][] states = model.LastHiddenStates(prefixes);
            for (int position = 0; position < Length; position++)
            {
                for (int token = 0; token < rows; token++)
                {
                    double logit = Enumerable.Range(0, width).Sum(i => (double)states[position][i] * head[(token * width) + i]);
                    Assert.Equal(expected[(((sequence * Length) + position) * rows) + token], logit, 2e-5);
                }
            }
        }
    }

    /// <summary>The engine's own head: the log-probability of every token of the vocabulary, padded ones included, after every prefix.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Score_OfFolder_IsTheLogSoftmaxOfPyTorchsLogits(string form)
    {
        var folder = HuggingFaceFolder.Open(Path.Combine(Folders, form));
        using ITrainableModel model = new ManagedEngine().Create(folder.Model, threads: 1);
        folder.LoadWeights(model);
        (int[][] tokens, float[] expected) = Expected(form);
        int rows = folder.Model.VocabularySize;
        for (int position = 0; position < Length; position++)
        {
            float[][] scores = model.Score([.. Enumerable.Range(0, rows).Select(token => (int[])[.. tokens[0][..(position + 1)], token])]);
            double[] logits = [.. expected.Skip(position * rows).Take(rows)];
            double total = Math.Log(logits.Sum(Math.Exp));
            for (int token = 0; token < rows; token++)
            {
                Assert.Equal(logits[token] - total, scores[token][position], 2e-5);
            }
        }
    }

    [Fact]
    public void Open_OfPaddedVocabulary_HasTheRowsOfTheEmbedding()
    {
        ModelDescription model = HuggingFaceFolder.Open(Path.Combine(Folders, "olmo-original")).Model;

        Assert.Equal(48, model.VocabularySize);
        Assert.Equal(24, model.FeedForwardSize);
        Assert.Equal(NormKind.NonParametricLayerNorm, model.Norm);
        Assert.True(model.TiedEmbeddings);
    }

    [Fact]
    public void Open_OfLlama_HasItsEpsilonAndRotaryBase()
    {
        ModelDescription model = HuggingFaceFolder.Open(Path.Combine(Folders, "llama")).Model;

        Assert.Equal((NormKind.Rms, 1e-3f, 500f, false), (model.Norm, model.NormEpsilon, model.RotaryBase, model.TiedEmbeddings));
    }

    [Theory]
    [InlineData(NormKind.Rms, true)]
    [InlineData(NormKind.Rms, false)]
    [InlineData(NormKind.NonParametricLayerNorm, true)]
    [InlineData(NormKind.NonParametricLayerNorm, false)]
    public void Parameters_OfDescription_AreTheEngines(NormKind norm, bool tied)
    {
        ModelDescription description = Samples.Description(norm: norm, tied: tied);
        using ITrainableModel model = new ManagedEngine().Create(description, threads: 1);

        Assert.Equal(
            model.Parameters.Select(parameter => $"{parameter.Name} {string.Join('×', parameter.Shape)}"),
            ModelParameters.Of(description).Select(parameter => $"{parameter.Name} {string.Join('×', parameter.Shape)}"));
    }

    private static (int[][] Tokens, float[] Logits) Expected(string form)
    {
        string path = Path.Combine(Folders, "logits.safetensors");
        using FileStream file = File.OpenRead(path);
        var reader = new SafetensorsReader(file, path);
        return ([.. Values(reader, "tokens").Select(value => (int)value).Chunk(Length)], Values(reader, form));
    }

    private static float[] Values(SafetensorsReader reader, string name)
    {
        SafetensorsTensor tensor = reader.Tensors.Single(candidate => candidate.Name == name);
        float[] values = new float[tensor.Length];
        reader.Read(tensor, values);
        return values;
    }
}
