using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training.Tests.Managed;

public sealed class ManagedEngineTests
{
    [Fact]
    public void Parameters_OfRmsAndUntied_AreHuggingFacesForOlmo()
    {
        using ITrainableModel model = new ManagedEngine().Create(Samples.Description(vocabulary: 13, hidden: 24, layers: 1, feedForward: 20), 1);
        Assert.Equal(
            [
                "model.embed_tokens.weight 13x24", "model.layers.0.self_attn.q_proj.weight 24x24", "model.layers.0.self_attn.k_proj.weight 24x24",
                "model.layers.0.self_attn.v_proj.weight 24x24", "model.layers.0.self_attn.o_proj.weight 24x24", "model.layers.0.mlp.gate_proj.weight 20x24",
                "model.layers.0.mlp.up_proj.weight 20x24", "model.layers.0.mlp.down_proj.weight 24x20", "model.layers.0.input_layernorm.weight 24",
                "model.layers.0.post_attention_layernorm.weight 24", "model.norm.weight 24", "lm_head.weight 13x24",
            ],
            model.Parameters.Select(parameter => $"{parameter.Name} {string.Join('x', parameter.Shape)}"));
    }

    [Fact]
    public void Parameters_OfLayerNormAndTied_HaveNoNormsAndNoHead()
    {
        using ITrainableModel model = new ManagedEngine().Create(Samples.Description(norm: NormKind.NonParametricLayerNorm, tied: true), 1);
        Assert.DoesNotContain(model.Parameters, parameter => parameter.Name.Contains("norm", StringComparison.Ordinal) || parameter.Name == "lm_head.weight");
    }

    [Fact]
    public void Create_OfModelThatCannotBe_IsRefusedWithWhatIsExpected()
    {
        ModelDescription good = Samples.Description();
        AssertRefused(good with { VocabularySize = 1 }, "at least 2 tokens, not 1");
        AssertRefused(good with { HiddenSize = 27 }, "a multiple of twice the number of heads (6), not 27");
        AssertRefused(good with { HiddenSize = 0 }, "a multiple of twice the number of heads (6), not 0");
        AssertRefused(good with { Layers = 0 }, "at least 1 layer");
        AssertRefused(good with { Heads = 0 }, "at least 1 head");
        AssertRefused(good with { FeedForwardSize = 0 }, "feed-forward size must be at least 1");
        AssertRefused(good with { MaximumSequenceLength = 0 }, "at least 1 token");
        AssertRefused(good with { NormEpsilon = 0 }, "epsilon must be above 0");
        AssertRefused(good with { RotaryBase = float.NaN }, "base must be above 0");
        AssertRefused(good with { Norm = (NormKind)9 }, "no norm 9");
        Assert.Throws<ArgumentOutOfRangeException>(() => new ManagedEngine().Create(good, 0));
    }

    [Fact]
    public void ReadAndWrite_OfWrongNameOrLength_AreRefused()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        var noName = Assert.Throws<ArgumentException>(() => model.Read("head", TensorKind.Weight, new float[1]));
        var noLength = Assert.Throws<ArgumentException>(() => model.Write("lm_head.weight", TensorKind.Weight, new float[1]));
        Assert.Contains("no parameter 'head'", noName.Message, StringComparison.Ordinal);
        Assert.Contains("has 312 elements, not 1", noLength.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Read("lm_head.weight", (TensorKind)8, new float[312]));
    }

    [Fact]
    public void AnyCall_OnDisposedModel_IsRefused()
    {
        ITrainableModel model = Samples.Model(Samples.Description(), threads: 3);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Score([[1, 2]]));
        Assert.Throws<ObjectDisposedException>(() => model.Generate([[1]], new SamplingSettings(), [0]));
        Assert.Throws<ObjectDisposedException>(() => model.ComputeGradients(Samples.Batch(model.Description, 1, 2), LossRouting.Masked()));
        Assert.Throws<ObjectDisposedException>(() => model.Initialise(1));
        Assert.Throws<ObjectDisposedException>(() => model.ClipGradients(1));
        Assert.Throws<ObjectDisposedException>(() => model.Update(new AdamWSettings(), 1, 1));
        Assert.Throws<ObjectDisposedException>(() => model.Read("lm_head.weight", TensorKind.Weight, new float[312]));
    }

    private static void AssertRefused(ModelDescription description, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new ManagedEngine().Create(description, 1)).Message, StringComparison.Ordinal);

    /// <summary>All logits of 2,048 tokens over 50,304 would alone take 393 MiB.</summary>
    [Fact]
    public async Task ComputeGradients_OfLongContextAndLargeVocabulary_NeverHoldsAllLogits()
    {
        string[] lines = await TestProgram.LinesAsync(["long-context"]);

        Assert.InRange(double.Parse(lines[0]), 10, 13);
        Assert.InRange(int.Parse(lines[1]), 1, 300);
    }

    /// <summary>Against what a model of all its layers takes; a second count, of the pages that a run has touched, is in the benchmarks' results.</summary>
    [Theory]
    [InlineData(1, 1, NormKind.Rms, false)]
    [InlineData(2, 3, NormKind.Rms, true)]
    [InlineData(5, 2, NormKind.NonParametricLayerNorm, true)]
    public void TrainingBytes_OfModel_IsWhatItReserves(int layers, int threads, NormKind norm, bool tied)
    {
        ModelDescription description = Samples.Description(vocabulary: 300, layers: layers, norm: norm, tied: tied);
        using var model = (ManagedModel)new ManagedEngine().Create(description, threads);

        Assert.Equal(model.ReserveForTraining(64), new ManagedEngine().TrainingBytes(description, 64, threads));
    }

    [Fact]
    public void TrainingBytes_OfOlmo1B_AreWithoutTouchingThem()
    {
        var description = new ModelDescription
        {
            VocabularySize = 50_304, HiddenSize = 2048, Layers = 16, Heads = 16, FeedForwardSize = 8192, MaximumSequenceLength = 2048,
            Norm = NormKind.NonParametricLayerNorm, TiedEmbeddings = true,
        };

        long bytes = new ManagedEngine().TrainingBytes(description, 2048, threads: 1);

        // Weights, gradients, two moments, weights in panels: five times four bytes; the tied gradients; one thread's activations.
        const long Parameters = 1_176_764_416;
        Assert.Equal(Parameters, ModelParameters.Of(description).Sum(parameter => parameter.Length));
        Assert.InRange(bytes, (20 * Parameters) + (4L * 50_304 * 2048), (20 * Parameters) + (4L * 50_304 * 2048) + 8_000_000_000);
    }
}
