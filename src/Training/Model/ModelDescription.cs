namespace SlungOrleans.Training;

/// <summary>The normalisation before attention, before the feed-forward layer and before the head.</summary>
public enum NormKind
{
    /// <summary>RMSNorm with a weight (Zhang and Sennrich, arXiv 1910.07467).</summary>
    Rms,

    /// <summary>LayerNorm without weight or bias, as in OLMo (arXiv 2402.00838).</summary>
    NonParametricLayerNorm,
}

/// <summary>An OLMo-style decoder: pre-norm blocks, rotary positions, SwiGLU, no biases.</summary>
public sealed record ModelDescription
{
    /// <summary>Tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states; a multiple of 2 × <see cref="Heads"/>.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the SwiGLU's hidden layer.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>Most tokens in a sequence.</summary>
    public required int MaximumSequenceLength { get; init; }

    /// <summary>The normalisation.</summary>
    public NormKind Norm { get; init; } = NormKind.Rms;

    /// <summary>Added to the mean square or variance.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Base of the rotary frequencies (Su et al., arXiv 2104.09864).</summary>
    public float RotaryBase { get; init; } = 10_000f;

    /// <summary>Whether the head shares the embedding's weights.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Width of a head.</summary>
    public int HeadSize => HiddenSize / Heads;
}
