using System.Globalization;
using TorchSharp;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>The devices that TorchSharp can compute on.</summary>
public static class TorchDevice
{
    /// <summary>libtorch's own CPU kernels, to try the engine where there is no GPU.</summary>
    public const string Cpu = "torch:cpu";

    private const string CudaPrefix = "cuda:";

    /// <summary>The machine's CUDA devices (<c>cuda:0</c>, <c>cuda:1</c> …); none where the build or the machine has none.</summary>
    /// <exception cref="DeviceException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<string> FindCuda() => DeviceGuard.Run(
        "cuda",
        () => torch.cuda.is_available()
            ? (IReadOnlyList<string>)[.. Enumerable.Range(0, torch.cuda.device_count()).Select(index => string.Create(CultureInfo.InvariantCulture, $"{CudaPrefix}{index}"))]
            : []);

    /// <summary>Whether a name is that of a device of this engine: <c>cuda:N</c> or <see cref="Cpu"/>.</summary>
    /// <param name="name">The name.</param>
    public static bool Is(string name) => name == Cpu || IndexOf(name) is not null;

    /// <summary>The make of a CUDA device and the bytes of its memory; null for other names, and where the driver does not say.</summary>
    /// <param name="name">The device's name.</param>
    public static (string Hardware, long Bytes)? Describe(string name) => IndexOf(name) is { } index ? CudaMemory.Describe(index) : null;

    /// <summary>The device of a name, ready for use.</summary>
    /// <exception cref="ArgumentException">The name is not that of a device.</exception>
    /// <exception cref="DeviceException">The device cannot be used.</exception>
    internal static torch.Device Open(string name)
    {
        if (name == Cpu)
        {
            return DeviceGuard.Run(name, () =>
            {
                torch.InitializeDeviceType(DeviceType.CPU);
                return torch.CPU;
            });
        }

        int index = IndexOf(name) ?? throw new ArgumentException($"There is no device '{name}'; expected {CudaPrefix}0, {CudaPrefix}1 … or {Cpu}.", nameof(name));
        return DeviceGuard.Run(name, () =>
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            int count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            if (index >= count)
            {
                throw new DeviceException(DeviceFault.NoDevice, name, $"Device '{name}' cannot be used: libtorch finds {count} CUDA devices. {NvidiaDriver.Describe()}");
            }

            return new torch.Device(DeviceType.CUDA, index);
        });
    }

    /// <summary>The number of a CUDA device; null for other names.</summary>
    internal static int? IndexOf(string name) =>
        name.StartsWith(CudaPrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : null;
}
