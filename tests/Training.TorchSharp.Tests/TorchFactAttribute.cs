namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>A test on libtorch; skipped, with the reason, where there is none.</summary>
internal sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = TorchEngine.ReasonToSkip;
}

/// <inheritdoc cref="TorchFactAttribute"/>
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = TorchEngine.ReasonToSkip;
}

/// <summary>A test of what only a GPU does; skipped, with the reason, on libtorch's CPU kernels.</summary>
internal sealed class GpuFactAttribute : FactAttribute
{
    public GpuFactAttribute() => Skip = TorchEngine.ReasonToSkip ?? (TorchEngine.IsGpu ? null : "This needs a GPU; SLUNGORLEANS_TORCH_DEVICE=cuda:0 names one.");
}

/// <summary>A test that counts on computing in the machine's memory; skipped, with the reason, on a GPU.</summary>
internal sealed class HostMemoryFactAttribute : FactAttribute
{
    public HostMemoryFactAttribute() => Skip = TorchEngine.ReasonToSkip ?? TorchEngine.ReasonNotInHostMemory;
}

/// <inheritdoc cref="HostMemoryFactAttribute"/>
internal sealed class HostMemoryTheoryAttribute : TheoryAttribute
{
    public HostMemoryTheoryAttribute() => Skip = TorchEngine.ReasonToSkip ?? TorchEngine.ReasonNotInHostMemory;
}
