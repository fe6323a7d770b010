namespace SlungOrleans.Training.Managed;

/// <summary>What the backward pass of a layer needs of its forward pass, one row per token.</summary>
internal sealed class LayerActivations : IDisposable
{
    private readonly NativeBuffer[] _all;

    internal LayerActivations(ModelLayout layout, int length)
    {
        NativeBuffer Rows(int width) => new((long)length * width);
        _all =
        [
            Input = Rows(layout.Hidden),
            AttentionInput = Rows(layout.Hidden),
            AttentionScale = Rows(1),
            QueryKeyValue = Rows(3 * layout.Attention),
            AttentionOutput = Rows(layout.Attention),
            LogSumExp = Rows(layout.Description.Heads),
            Middle = Rows(layout.Hidden),
            FeedForwardInput = Rows(layout.Hidden),
            FeedForwardScale = Rows(1),
            GateUp = Rows(2 * layout.FeedForward),
            FeedForwardHidden = Rows(layout.FeedForward),
        ];
    }

    /// <summary>The residual stream before the layer.</summary>
    internal NativeBuffer Input { get; }

    /// <summary>It, normalised.</summary>
    internal NativeBuffer AttentionInput { get; }

    /// <summary>The first norm's scale.</summary>
    internal NativeBuffer AttentionScale { get; }

    internal NativeBuffer QueryKeyValue { get; }

    /// <summary>The heads' outputs.</summary>
    internal NativeBuffer AttentionOutput { get; }

    /// <summary>The attention's log-sum-exp, head after head.</summary>
    internal NativeBuffer LogSumExp { get; }

    /// <summary>The residual stream between attention and feed-forward.</summary>
    internal NativeBuffer Middle { get; }

    /// <summary>It, normalised.</summary>
    internal NativeBuffer FeedForwardInput { get; }

    /// <summary>The second norm's scale.</summary>
    internal NativeBuffer FeedForwardScale { get; }

    internal NativeBuffer GateUp { get; }

    /// <summary>SwiGLU's output.</summary>
    internal NativeBuffer FeedForwardHidden { get; }

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _all)
        {
            buffer.Dispose();
        }
    }
}
