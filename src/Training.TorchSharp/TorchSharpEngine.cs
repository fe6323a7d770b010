using TorchSharp;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// The engine on libtorch, for CUDA devices: parameters, initial values, data order, losses and checkpoints are the managed engine's, the
/// arithmetic is libtorch's. One device each; engines on different devices work side by side. TF32 and the number of CPU threads are settings
/// of the process: the engine made last decides.
/// </summary>
public sealed class TorchSharpEngine : IEngine
{
    private readonly EngineSettings _settings;
    private readonly torch.Device _device;

    /// <summary>Opens a device.</summary>
    /// <param name="device"><c>cuda:N</c> or <see cref="TorchDevice.Cpu"/>.</param>
    /// <param name="settings">How to compute; null for single precision and whole batches.</param>
    /// <exception cref="ArgumentException">The name is not that of a device, or a setting is out of its range.</exception>
    /// <exception cref="DeviceException">The device cannot be used; the message says why and what would help.</exception>
    public TorchSharpEngine(string device, EngineSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        _settings = settings ?? new EngineSettings();
        _settings.Validate();
        _device = TorchDevice.Open(device);
        Capabilities = new EngineCapabilities
        {
            Device = device,
            Precision = _settings.Precision,
            RepeatsBits = _settings.Deterministic || !Attention.IsFused,
            AccumulatesGradients = true,
            RecomputesActivations = true,
        };
    }

    /// <inheritdoc/>
    public string Name => "torchsharp";

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public ITrainableModel Create(ModelDescription description, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ModelRequirements.Ensure(description);
        return DeviceGuard.Run(Capabilities.Device, () =>
        {
            if (_device.type == DeviceType.CUDA)
            {
                torch.backends.cuda.matmul.allow_tf32 = _settings.Precision == NumericPrecision.TensorFloat32;
            }
            else
            {
                torch.set_num_threads(threads);
            }

            return new TorchModel(description, _settings, _device, Capabilities.Device);
        });
    }
}
