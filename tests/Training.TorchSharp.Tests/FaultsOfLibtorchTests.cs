#if USE_TORCHSHARP
using System.Runtime.InteropServices;
using SlungOrleans.Training.Tests.Managed;
using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>What libtorch throws, for example for want of memory, is an exception wherever it throws it: some calls of TorchSharp let it end the process.</summary>
public sealed class FaultsOfLibtorchTests
{
    [TorchFact]
    public void Backward_WhatLibtorchRefuses_IsAnException()
    {
        Device device = TorchDevice.Open(TorchEngine.Device);
        using var scope = NewDisposeScope();
        ModelDescription description = Samples.Description(norm: NormKind.Rms);
        using var tensors = new FlatTensors(new FlatLayout(description), NumericPrecision.Single, device);
        using SegmentGraph graph = new FinalNorm(description, tensors).Record(ones([2, 3, description.HiddenSize], device: device), default);
        ExternalException failure = Assert.Throws<ExternalException>(() => graph.Backward(ones([2, 4, description.HiddenSize], device: device)));
        Assert.Contains("shape", failure.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Attend_WhatLibtorchRefuses_IsAnException()
    {
        Device device = TorchDevice.Open(TorchEngine.Device);
        using var scope = NewDisposeScope();
        Tensor query = ones([1, 2, 3, 4], device: device), otherSize = ones([1, 2, 3, 6], device: device);
        var attention = new Attention(deterministic: true);
        Assert.Throws<ExternalException>(() => attention.Attend(query, otherSize, query, attention.CausalMask(3, device)));
    }
}
#endif
