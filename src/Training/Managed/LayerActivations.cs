namespace SlungOrleans.Training.Managed;

/// <summary>What the backward pass of a layer needs of its forward pass, one row per token. Normalised rows are computed again: that is cheaper than to keep them.</summary>
internal sealed unsafe class LayerActivations
{
    internal LayerActivations(ModelLayout layout, int length, NativeArena arena)
    {
        float* Rows(int width) => arena.Take((long)length * width);
        Input = Rows(layout.Hidden);
        AttentionScale = Rows(1);
        QueryKeyValue = Rows(3 * layout.Attention);
        AttentionOutput = Rows(layout.Attention);
        ScoreMaxima = Rows(layout.Description.Heads);
        InverseSums = Rows(layout.Description.Heads);
        Middle = Rows(layout.Hidden);
        FeedForwardScale = Rows(1);
        GateUp = Rows(2 * layout.FeedForward);
    }

    /// <summary>The residual stream before the layer.</summary>
    internal float* Input { get; }

    /// <summary>The first norm's scale.</summary>
    internal float* AttentionScale { get; }

    internal float* QueryKeyValue { get; }

    /// <summary>The heads' outputs.</summary>
    internal float* AttentionOutput { get; }

    /// <summary>The attention's largest scores, head after head.</summary>
    internal float* ScoreMaxima { get; }

    /// <summary>The inverse sums of its softmax, head after head.</summary>
    internal float* InverseSums { get; }

    /// <summary>The residual stream between attention and feed-forward.</summary>
    internal float* Middle { get; }

    /// <summary>The second norm's scale.</summary>
    internal float* FeedForwardScale { get; }

    internal float* GateUp { get; }
}
