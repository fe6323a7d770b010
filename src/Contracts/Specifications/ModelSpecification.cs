namespace SlungOrleans.Contracts;

/// <summary>
/// An OLMo-style decoder. The vocabulary's size comes from the tokenizer. Where the model comes from a folder, so do all fields but
/// <see cref="SequenceLength"/>, <see cref="From"/>, <see cref="Moments"/> and, if it is given, <see cref="FromSha256"/>: they are filled in at launch.
/// </summary>
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

    /// <summary>Added to the mean square or variance of a norm.</summary>
    [Id(7)] public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Base of the rotary frequencies.</summary>
    [Id(8)] public double RotaryBase { get; init; } = 10_000;

    /// <summary>
    /// A model folder as Hugging Face has them (config.json, safetensors, tokenizer.json), on the machine of the silo: first weights and tokenizer
    /// come from it. Null for weights that the seed gives.
    /// </summary>
    [Id(9)] public string? From { get; init; }

    /// <summary>SHA-256 over the folder's files, hexadecimal; taken from them when the study is launched if it is not given.</summary>
    [Id(10)] public string? FromSha256 { get; init; }

    /// <summary>Whether AdamW's moments, too, are taken from the folder (its optimizer.safetensors).</summary>
    [Id(11)] public bool Moments { get; init; }

    /// <summary>Optimizer steps that the folder's moments come from; 0 without moments.</summary>
    [Id(12)] public long MomentSteps { get; init; }

    /// <summary>Rows of the folder's embedding, which may be padded beyond the tokenizer's vocabulary; null for as many as the tokenizer has.</summary>
    [Id(13)] public int? VocabularySize { get; init; }
}
