using BenchmarkDotNet.Attributes;
using SlungOrleans.Training;

namespace SlungOrleans.Benchmarks;

/// <summary>Gradients, clipping and AdamW of one batch, by model shape and threads. Tokens per operation: sequences × length.</summary>
public class TrainingStep
{
    private static readonly Dictionary<string, (int Hidden, int Layers, int Heads, int FeedForward, int Vocabulary, int Length, int Sequences)> Shapes = new()
    {
        ["quick-start"] = (64, 3, 2, 176, 512, 128, 16),
        ["XS"] = (128, 4, 4, 352, 4096, 256, 16),
    };

    private readonly AdamWSettings _adamW = new();
    private ITrainableModel _model = null!;
    private TokenBatch _batch = null!;
    private long _step;

    [Params("quick-start", "XS")]
    public string Shape { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Share of the tokens that are high-risk, and so bear no loss in the masked arm.</summary>
    [Params(0.0, 0.3)]
    public double HighRiskShare { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var shape = Shapes[Shape];
        _model = new ManagedEngine().Create(
            new ModelDescription
            {
                HiddenSize = shape.Hidden,
                Layers = shape.Layers,
                Heads = shape.Heads,
                FeedForwardSize = shape.FeedForward,
                VocabularySize = shape.Vocabulary,
                MaximumSequenceLength = shape.Length,
            },
            Threads);
        _model.Initialise(0);
        var random = new RandomStream(0, "benchmark", 0);
        var tokens = new int[shape.Sequences * shape.Length];
        var labels = new byte[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = random.NextInt32(shape.Vocabulary);
            labels[i] = random.NextDouble() < HighRiskShare ? (byte)3 : (byte)1;
        }

        _batch = new TokenBatch(shape.Sequences, shape.Length, tokens, labels);
    }

    [Benchmark]
    public double Step()
    {
        var loss = _model.ComputeGradients(_batch, LossRouting.Masked());
        _model.ClipGradients(1);
        _model.Update(_adamW, 1e-4, ++_step);
        return loss.Total;
    }

    [GlobalCleanup]
    public void CleanUp() => _model.Dispose();
}
