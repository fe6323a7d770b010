namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>The engine that is tested, on the device that SLUNGORLEANS_TORCH_DEVICE names, for example cuda:0; libtorch's CPU kernels by default.</summary>
internal static class TorchEngine
{
#if USE_TORCHSHARP
    private static readonly Lazy<string?> Reason = new(() =>
    {
        try
        {
            _ = new TorchSharpEngine(Device);
            return null;
        }
        catch (DeviceException exception)
        {
            return exception.Message;
        }
    });

    internal static string? ReasonToSkip => Reason.Value;

    internal static string Device => Environment.GetEnvironmentVariable("SLUNGORLEANS_TORCH_DEVICE") ?? TorchDevice.Cpu;

    /// <summary>Tensors of the process that were made and not disposed of.</summary>
    internal static long LiveTensors => global::TorchSharp.torch.Tensor.TotalCount;

    internal static IEngine Open(EngineSettings? settings = null, string? device = null) => new TorchSharpEngine(device ?? Device, settings);
#else
    internal static string? ReasonToSkip => "The build has no TorchSharp; -p:UseTorchSharp=true adds it.";

    internal static string Device => throw NotBuilt;

    internal static long LiveTensors => throw NotBuilt;

    private static InvalidOperationException NotBuilt => new(ReasonToSkip);

    internal static IEngine Open(EngineSettings? settings = null, string? device = null) => throw NotBuilt;
#endif

    /// <summary>Whether the device is a GPU.</summary>
    internal static bool IsGpu => Device.StartsWith("cuda:", StringComparison.Ordinal);

    internal static string? ReasonNotInHostMemory => IsGpu ? $"This counts the machine's memory, and {Device} has its own." : null;

    /// <summary>A model with the weights of another engine's.</summary>
    internal static ITrainableModel CopyOf(ITrainableModel model, EngineSettings? settings = null)
    {
        ITrainableModel copy = Open(settings).Create(model.Description, 2);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            foreach (TensorKind kind in Enum.GetValues<TensorKind>())
            {
                float[] values = new float[parameter.Length];
                model.Read(parameter.Name, kind, values);
                copy.Write(parameter.Name, kind, values);
            }
        }

        return copy;
    }
}
