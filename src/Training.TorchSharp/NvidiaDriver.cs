using System.Globalization;
using System.Runtime.InteropServices;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// NVIDIA's management library (NVML), which comes with the driver: whether there is one, and the GPUs' memory, which TorchSharp does not tell.
/// NVML counts GPUs in the order of the bus, as CUDA does with <c>CUDA_DEVICE_ORDER=PCI_BUS_ID</c>.
/// </summary>
public static partial class NvidiaDriver
{
    private const string Library = "libnvidia-ml.so.1";
    private const int Success = 0;

    /// <summary>The memory of all GPUs, in bytes, or none where there is no driver.</summary>
    public static IReadOnlyList<(long Total, long Free)> ReadMemory() => Ask<IReadOnlyList<(long Total, long Free)>>([], () =>
    {
        var memories = new List<(long Total, long Free)>();
        if (CountDevices(out uint count) == Success)
        {
            for (uint index = 0; index < count; index++)
            {
                if (FindDevice(index, out nint device) == Success && ReadMemory(device, out Memory memory) == Success)
                {
                    memories.Add(((long)memory.Total, (long)memory.Free));
                }
            }
        }

        return memories;
    });

    /// <summary>A sentence about the driver and its GPUs.</summary>
    public static string Describe() => Ask("No NVIDIA driver is installed.", () =>
    {
        Span<byte> text = stackalloc byte[96];
        string version = ReadVersion(ref MemoryMarshal.GetReference(text), (uint)text.Length) == Success
            ? System.Text.Encoding.ASCII.GetString(text[..Math.Max(0, text.IndexOf((byte)0))])
            : "unknown";
        _ = CountDevices(out uint count);
        return string.Create(CultureInfo.InvariantCulture, $"The NVIDIA driver's version is {version}; it knows {count} GPUs.");
    });

    private static T Ask<T>(T without, Func<T> question)
    {
        if (!NativeLibrary.TryLoad(Library, out nint handle))
        {
            return without;
        }

        try
        {
            if (Initialise() != Success)
            {
                return without;
            }

            T answer = question();
            _ = ShutDown();
            return answer;
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    [LibraryImport(Library, EntryPoint = "nvmlInit_v2")]
    private static partial int Initialise();

    [LibraryImport(Library, EntryPoint = "nvmlShutdown")]
    private static partial int ShutDown();

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetCount_v2")]
    private static partial int CountDevices(out uint count);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    private static partial int FindDevice(uint index, out nint device);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    private static partial int ReadMemory(nint device, out Memory memory);

    [LibraryImport(Library, EntryPoint = "nvmlSystemGetDriverVersion")]
    private static partial int ReadVersion(ref byte text, uint length);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Memory
    {
        public readonly ulong Total;
        public readonly ulong Free;
        public readonly ulong Used;
    }
}
