using System.Globalization;
using System.Text.RegularExpressions;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>Tells the failures of a device apart by what libtorch, CUDA's runtime and the loader say; the texts are theirs.</summary>
internal static partial class DeviceFailures
{
    private const string LessMemory =
        "Fewer sequences at once (SequencesAtOnce), activations computed again (RecomputeActivations), fewer logits at once (LogitsAtOnce) or bfloat16 need less.";

    private static readonly (DeviceFault Fault, string[] Signs, string Help)[] Kinds =
    [
        (DeviceFault.NoLibrary,
            ["libLibTorchSharp", "TorchSharp but doesn't contain a reference", "Unable to load shared library", "DllNotFound", "is not restored on this system"],
            "Build with -p:TorchSharpRedistributable=cpu or cuda-linux, or put libtorch where the loader finds it."),
        (DeviceFault.WrongVersion,
            ["driver version is insufficient", "driver on your system is too old", "no kernel image is available", "compiled with CUDA enabled", "without ATen_cuda library", "without CUDA", "forward compatibility was attempted", "CUDNN_STATUS_NOT_INITIALIZED", "PTX was compiled with an unsupported toolchain", "device kernel image is invalid", "CUBLAS_STATUS_ARCH_MISMATCH", "unsupported display driver / cuda driver combination", "Unable to find an entry point named"],
            "Build with -p:TorchSharpRedistributable=cuda-linux, and use a driver at least as new as that CUDA and a GPU that it supports."),
        (DeviceFault.NoDevice,
            ["Found no NVIDIA driver", "no CUDA-capable device", "No CUDA GPUs are available", "invalid device ordinal", "CUDA driver initialization failed", "did not initialise on the current machine", "system not yet initialized"],
            "Install NVIDIA's driver, or name a device that this machine has."),
        (DeviceFault.Lost,
            ["GPU is lost", "unspecified launch failure", "illegal memory access", "device-side assert", "uncorrectable ECC", "CUDA-capable device(s) is/are busy or unavailable", "unknown error", "fallen off the bus", "CUDNN_STATUS_EXECUTION_FAILED", "CUBLAS_STATUS_EXECUTION_FAILED", "hardware error", "misaligned address", "context is destroyed", "illegal instruction", "invalid program counter", "hardware stack error", "launch timed out", "global/shared address space"],
            "This process can use the device no more: start the silo again, and look at the machine's log if it happens again."),
    ];

    /// <summary>The failure that a message stands for, or null for one that is not the device's.</summary>
    /// <param name="message">What the library said.</param>
    /// <param name="device">The device that was used.</param>
    /// <param name="inner">The exception that said it.</param>
    internal static DeviceException? Find(string message, string device, Exception? inner = null)
    {
        // Below the first line are advice and calls, with every library's name.
        string said = FirstLine(message);
        if (OfMemory(said, device) is { } memory)
        {
            return new DeviceException(DeviceFault.OutOfMemory, device, memory, inner);
        }

        foreach ((DeviceFault fault, string[] signs, string help) in Kinds)
        {
            if (signs.Any(sign => said.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            {
                return new DeviceException(fault, device, $"Device '{device}' {Words(fault)}: {said} {help}", inner);
            }
        }

        return null;
    }

    private static string Words(DeviceFault fault) => fault switch
    {
        DeviceFault.NoLibrary => "cannot be used, libtorch cannot be loaded",
        DeviceFault.NoDevice => "cannot be used, there is no such device or no driver",
        DeviceFault.WrongVersion => "cannot be used, library, driver and GPU do not go together",
        _ => "is lost",
    };

    private static string? OfMemory(string message, string device)
    {
        Match onDevice = TriedToAllocate().Match(message), onHost = HostAllocation().Match(message);
        if (!onDevice.Success && !onHost.Success && !message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            && !message.Contains("CUBLAS_STATUS_ALLOC_FAILED", StringComparison.Ordinal))
        {
            return null;
        }

        string asked = onDevice.Success ? onDevice.Groups[1].Value
            : onHost.Success ? string.Create(CultureInfo.InvariantCulture, $"{double.Parse(onHost.Groups[1].Value, CultureInfo.InvariantCulture) / (1L << 30):F2} GiB")
            : "more";
        Match free = Free().Match(message);
        string had = free.Success ? $" {(free.Groups[1].Success ? free.Groups[1] : free.Groups[2]).Value} are free." : "";
        return $"Device '{device}' is out of memory: {asked} were asked for.{had} {LessMemory}";
    }

    private static string FirstLine(string message)
    {
        string line = message.TrimStart().Split('\n', 2)[0].Trim();
        return line.EndsWith('.') ? line : line + ".";
    }

    [GeneratedRegex(@"Tried to allocate ([0-9.]+ [KMGT]?i?B)")]
    private static partial Regex TriedToAllocate();

    [GeneratedRegex(@"tried to allocate ([0-9]+) bytes")]
    private static partial Regex HostAllocation();

    [GeneratedRegex(@"of which ([0-9.]+ [KMGT]?i?B) is free|([0-9.]+ [KMGT]?i?B) free")]
    private static partial Regex Free();
}
