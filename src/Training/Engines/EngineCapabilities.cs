namespace SlungOrleans.Training;

/// <summary>What an engine can do that another may not. Ask here, never for the engine's type.</summary>
public sealed record EngineCapabilities
{
    /// <summary>Where it computes, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>How it computes; a run's numbers depend on it, so a checkpoint goes on only in the same.</summary>
    public NumericPrecision Precision { get; init; } = NumericPrecision.Single;

    /// <summary>Whether results are equal to the bit for any number of threads and whatever shares a call.</summary>
    public bool SameBitsForAnyThreads { get; init; }

    /// <summary>Whether the same device and versions give the same bits again, so that a resumed run is the uninterrupted one to the bit.</summary>
    public bool RepeatsBits { get; init; }

    /// <summary>Whether a batch can be computed some sequences at a time (<see cref="EngineSettings.SequencesAtOnce"/>).</summary>
    public bool AccumulatesGradients { get; init; }

    /// <summary>Whether activations can be computed again in the backward pass (<see cref="EngineSettings.RecomputeActivations"/>).</summary>
    public bool RecomputesActivations { get; init; }
}

/// <summary>How an engine computes. Weights, gradients and AdamW's moments are in single precision always.</summary>
public enum NumericPrecision
{
    /// <summary>Single precision throughout.</summary>
    Single,

    /// <summary>Matrix products with operands rounded to 10 bits of mantissa on devices that have such units (NVIDIA's TF32), otherwise single precision.</summary>
    TensorFloat32,

    /// <summary>
    /// Matrix products, attention and gates in bfloat16; norms, rotary positions, the residual stream, softmax and losses in single precision,
    /// as PyTorch's autocast does.
    /// </summary>
    BFloat16,
}

/// <summary>How an engine that can (see <see cref="EngineCapabilities"/>) goes about its work.</summary>
public sealed record EngineSettings
{
    /// <summary>How it computes. Changes the numbers.</summary>
    public NumericPrecision Precision { get; init; } = NumericPrecision.Single;

    /// <summary>Sequences of a batch that are computed at a time, their gradients added up; 0 for all. Changes only rounding.</summary>
    public int SequencesAtOnce { get; init; }

    /// <summary>Whether each layer keeps only its input and computes the rest again in the backward pass: less memory, a third more time. Does not change the numbers.</summary>
    public bool RecomputeActivations { get; init; }

    /// <summary>Whether to use only operations that give the same bits again on the same device and versions; attention is slower then.</summary>
    public bool Deterministic { get; init; }

    /// <summary>Most logits that are kept at a time, as a number of elements in single precision. Changes only rounding.</summary>
    public int LogitsAtOnce { get; init; } = 64 * 1024 * 1024;

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Precision))
        {
            throw new ArgumentException($"There is no precision {(int)Precision}.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(SequencesAtOnce);
        ArgumentOutOfRangeException.ThrowIfLessThan(LogitsAtOnce, 1);
    }
}
