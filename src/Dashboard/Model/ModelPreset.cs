using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Models of common sizes. A preset sets the shape; norm and tied embeddings stay as they are.</summary>
internal sealed record ModelPreset(string Name, int HiddenSize, int Layers, int Heads, int FeedForwardSize, int SequenceLength)
{
    public static ImmutableArray<ModelPreset> All { get; } =
    [
        new("tiny", 64, 3, 4, 176, 128),
        new("small", 128, 4, 4, 352, 256),
        new("medium", 256, 8, 8, 704, 256),
        new("large", 512, 12, 8, 1408, 512),

        // OLMo 1B (arXiv 2402.00838, table 1).
        new("olmo-1b", 2048, 16, 16, 8192, 2048),
    ];

    public static ModelPreset? Of(ModelSpecification model) => All.FirstOrDefault(preset => preset.ApplyTo(model) == model);

    public ModelSpecification ApplyTo(ModelSpecification model) => model with
    {
        HiddenSize = HiddenSize, Layers = Layers, Heads = Heads, FeedForwardSize = FeedForwardSize, SequenceLength = SequenceLength,
    };
}
