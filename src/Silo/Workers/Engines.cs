using System.Globalization;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Training;
#if USE_TORCHSHARP
using SlungOrleans.Training.TorchSharp;
#endif

namespace SlungOrleans.Silo.Workers;

/// <summary>
/// Which engine computes on which device: <c>cpu:N</c> the managed one; <c>cuda:N</c> and <c>torch:cpu</c> TorchSharp, in builds that have it.
/// </summary>
internal sealed class Engines(IOptions<LabOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Device, NumericPrecision Precision), IEngine> _opened = [];
    private readonly ManagedEngine _managed = new();

    /// <summary>What is wrong with a device's name, in a few words; null for nothing.</summary>
    public static string? FaultOf(string device)
    {
        if (device == DeviceName.TorchCpu || DeviceName.IsOf(DeviceName.Cuda, device))
        {
#if USE_TORCHSHARP
            return null;
#else
            return "needs a build with -p:UseTorchSharp=true";
#endif
        }

        return DeviceName.IsOf(DeviceName.Cpu, device) ? null : "is not a device; expected cpu:0, cuda:0 or torch:cpu";
    }

    /// <summary>The devices that this silo offers: those that are named, or else all GPUs, or else as many CPU devices as are asked for; none where it is asked for none.</summary>
    /// <exception cref="DeviceException">libtorch cannot be loaded.</exception>
    public IReadOnlyList<string> FindDevices() => options.Value.Devices == 0 ? [] : OfThisMachine;

    /// <summary>The devices of this machine: those that it offers where it works.</summary>
    /// <exception cref="DeviceException">libtorch cannot be loaded.</exception>
    public IReadOnlyList<string> OfThisMachine
    {
        get
        {
            var settings = options.Value;
            if (settings.DeviceNames.Count > 0)
            {
                return settings.DeviceNames;
            }

#if USE_TORCHSHARP
            if (TorchDevice.FindCuda() is { Count: > 0 } found)
            {
                return found;
            }
#endif
            var count = settings.Devices == 0 ? Environment.ProcessorCount : settings.Devices;
            return [.. Enumerable.Range(0, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"cpu:{index}"))];
        }
    }

    /// <summary>Whether this machine has a device of the kind that work asks for.</summary>
    /// <param name="wanted">A device or a kind; null for any.</param>
    /// <exception cref="DeviceException">libtorch cannot be loaded.</exception>
    public bool HasFor(string? wanted) => OfThisMachine.Any(device => DeviceName.Serves(device, wanted));

    /// <summary>The engine of the first device of this machine that a run can be trained on, by which runs here are estimated.</summary>
    /// <exception cref="LabException">This machine has no such device, or it cannot compute as the run wants to be.</exception>
    /// <exception cref="DeviceException">The device cannot be used.</exception>
    public IEngine FirstFor(TrainingSpecification training) => For(
        OfThisMachine.FirstOrDefault(device => DeviceName.Serves(device, training.Device))
            ?? throw new LabException($"training.device: this machine has no device '{training.Device}'; it has {string.Join(", ", OfThisMachine)}."),
        TrainingMapping.ToPrecision(training));

    /// <summary>What a device is; nothing is taken of it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="machineBytes">Bytes of the machine's memory.</param>
    public static OfferedDevice Describe(string device, long machineBytes)
    {
        if (DeviceName.IsOf(DeviceName.Cpu, device))
        {
            return new OfferedDevice(device, ManagedEngine.EngineName, null, machineBytes);
        }

#if USE_TORCHSHARP
        var gpu = TorchDevice.Describe(device);
        return new OfferedDevice(device, TorchSharpEngine.EngineName, gpu?.Hardware, device == TorchDevice.Cpu ? machineBytes : gpu?.Bytes);
#else
        throw new LabException($"Device '{device}' {FaultOf(device)}.");
#endif
    }

    /// <summary>The engine of a device; opened at the first call, and again at the next where that fails.</summary>
    /// <param name="device">The device.</param>
    /// <param name="wanted">How a run wants to be computed; null for this silo's setting.</param>
    /// <exception cref="LabException">This build has no engine for it, or the device cannot compute so.</exception>
    /// <exception cref="DeviceException">The device cannot be used.</exception>
    public IEngine For(string device, NumericPrecision? wanted)
    {
        if (FaultOf(device) is { } fault)
        {
            throw new LabException($"Device '{device}' {fault}.");
        }

        if (DeviceName.IsOf(DeviceName.Cpu, device))
        {
            return wanted is null or NumericPrecision.Single
                ? _managed
                : throw new LabException($"training.precision: device '{device}' computes in single precision only; bf16 needs cuda:0 or torch:cpu.");
        }

        var silos = options.Value.Engine.Precision;
        var precision = wanted ?? silos;
        if (precision == NumericPrecision.Single && silos == NumericPrecision.TensorFloat32)
        {
            throw new LabException("training.precision: single cannot be had on a silo whose Lab:Engine:Precision is TensorFloat32: that holds for all of its process.");
        }

        lock (_lock)
        {
            if (!_opened.TryGetValue((device, precision), out var engine))
            {
                engine = Open(device, precision);
                _opened.Add((device, precision), engine);
            }

            return engine;
        }
    }

#if USE_TORCHSHARP
    private TorchSharpEngine Open(string device, NumericPrecision precision) => new(device, options.Value.Engine with { Precision = precision });
#else
    private static IEngine Open(string device, NumericPrecision precision) => throw new LabException($"Device '{device}' {FaultOf(device)} ({precision}).");
#endif
}
