using System.Globalization;

namespace SlungOrleans.Contracts;

/// <summary>Names of devices: <c>cpu:0</c>, <c>cuda:0</c> and so on, and <c>torch:cpu</c>; and of their kinds: <c>cpu</c>, <c>cuda</c>, <c>torch:cpu</c>.</summary>
public static class DeviceName
{
    /// <summary>The machine's processor, computed on by the managed engine.</summary>
    public const string Cpu = "cpu";

    /// <summary>NVIDIA's GPUs, computed on by TorchSharp.</summary>
    public const string Cuda = "cuda";

    /// <summary>The machine's processor, computed on by TorchSharp; a kind, and its only device.</summary>
    public const string TorchCpu = "torch:cpu";

    /// <summary>The kind of a device: its name without its number.</summary>
    /// <param name="device">The device's name.</param>
    public static string KindOf(string device) => device.LastIndexOf(':') is var colon and > 0 && IsNumber(device.AsSpan(colon + 1)) ? device[..colon] : device;

    /// <summary>Whether a text names one device of a kind, by its number.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="text">The text.</param>
    public static bool IsOf(string kind, string text) => text != kind && KindOf(text) == kind;

    /// <summary>Whether work that asks for a device can be done on one.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="wanted">A device's name, or that of a kind; null for any.</param>
    public static bool Serves(string device, string? wanted) => wanted is null || wanted == device || wanted == KindOf(device);

    /// <summary>Whether a text names a device or a kind.</summary>
    /// <param name="text">The text.</param>
    public static bool IsKnown(string text) => text == TorchCpu || KindOf(text) is Cpu or Cuda;

    private static bool IsNumber(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
