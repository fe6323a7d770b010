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
