namespace SlungOrleans.Contracts;

/// <summary>An OLMo-style decoder. The vocabulary's size comes from the tokenizer.</summary>
[GenerateSerializer, Alias("model-specification")]
public sealed record ModelSpecification
{
    /// <summary>Width of the hidden states.</summary>
    [Id(0)] public int HiddenSize { get; init; } = 128;

    /// <summary>Layers.</summary>
    [Id(1)] public int Layers { get; init; } = 4;

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>.</summary>
    [Id(2)] public int Heads { get; init; } = 4;

    /// <summary>Width of the SwiGLU's hidden layer.</summary>
    [Id(3)] public int FeedForwardSize { get; init; } = 352;

    /// <summary>Tokens per sequence.</summary>
    [Id(4)] public int SequenceLength { get; init; } = 256;

    /// <summary><c>rms</c> or <c>layer</c> (LayerNorm without parameters, as OLMo's).</summary>
    [Id(5)] public string Norm { get; init; } = "rms";

    /// <summary>Whether the head shares the embedding's weights.</summary>
    [Id(6)] public bool TiedEmbeddings { get; init; }
}
