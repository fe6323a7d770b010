using System.Collections.Concurrent;
using TorchSharp;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// The engine on libtorch, for CUDA devices: parameters, initial values, data order, losses and checkpoints are the managed engine's, the
/// arithmetic is libtorch's. One device each; engines on different devices work side by side. TF32 and the number of CPU threads are settings
/// of the process: the model made last decides (in bfloat16 no product is in single precision, so it leaves TF32 as it is).
/// </summary>
public sealed class TorchSharpEngine : IEngine, IDeviceMemory
{
    /// <summary>The name of this engine.</summary>
    public const string EngineName = "torchsharp";

    private const int FewLogits = 4 * 1024 * 1024;

    /// <summary>What was free on a device before any engine of this process used it: what libtorch has freed since it keeps for all of them.</summary>
    private static readonly ConcurrentDictionary<int, long?> FreeAtFirst = new();

    private readonly EngineSettings _settings;
    private readonly torch.Device _device;
    private readonly int? _index;

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
        _index = TorchDevice.IndexOf(device);
        if (_index is { } index)
        {
            FreeAtFirst.GetOrAdd(index, static number => CudaMemory.Read(number)?.Free);
        }

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
    public string Name => EngineName;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public ITrainableModel Create(ModelDescription description, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ModelRequirements.Ensure(description);
        return DeviceGuard.Run(Capabilities.Device, () =>
        {
            if (_device.type == DeviceType.CUDA && _settings.Precision != NumericPrecision.BFloat16)
            {
                torch.backends.cuda.matmul.allow_tf32 = _settings.Precision == NumericPrecision.TensorFloat32;
            }
            else if (_device.type == DeviceType.CPU)
            {
                torch.set_num_threads(threads);
            }

            return new TorchModel(description, _settings, _device, Capabilities.Device);
        });
    }

    /// <inheritdoc/>
    public bool HasOwnMemory => _index is not null;

    /// <inheritdoc/>
    /// <remarks>What libtorch has freed it keeps for itself, and the driver does not count it as free: what was free at the beginning can be had again.</remarks>
    public long? AvailableBytes() => _index is { } index && CudaMemory.Read(index) is { } now ? Math.Max(now.Free, FreeAtFirst[index] ?? 0) : null;

    /// <inheritdoc/>
    public long TrainingBytes(ModelDescription description, int batchSize, int sequenceLength) => BytesWith(_settings, description, batchSize, sequenceLength);

    /// <inheritdoc/>
    /// <remarks>The largest parts of a batch that fit; activations are computed again, and fewer logits kept, only where parts alone do not help.</remarks>
    public EngineSettings? SettingsThatFit(ModelDescription description, int batchSize, int sequenceLength, long bytes)
    {
        int fewerLogits = Math.Min(_settings.LogitsAtOnce, FewLogits);
        EngineSettings[] ways =
        [
            _settings,
            _settings with { RecomputeActivations = true },
            _settings with { RecomputeActivations = true, LogitsAtOnce = fewerLogits },
        ];
        return ways
            .SelectMany(way => Parts(batchSize).Select(atOnce => way with { SequencesAtOnce = atOnce }))
            .FirstOrDefault(way => BytesWith(way, description, batchSize, sequenceLength) <= bytes);
    }

    /// <summary>The whole batch, half of it, and so on.</summary>
    private static IEnumerable<int> Parts(int batchSize)
    {
        for (int sequences = batchSize; sequences > 0; sequences /= 2)
        {
            yield return sequences;
        }
    }

    private long BytesWith(EngineSettings settings, ModelDescription description, int batchSize, int sequenceLength)
    {
        ModelRequirements.Ensure(description);
        return new TrainingFootprint(description, settings, Attention.IsFused && !settings.Deterministic, HasOwnMemory).Bytes(batchSize, sequenceLength);
    }
}
