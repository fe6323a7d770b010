using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>NVIDIA's management library (NVML), which comes with the driver: whether there is one, and what it knows.</summary>
internal static partial class NvidiaDriver
{
    private const string Library = "libnvidia-ml.so.1";
    private const int Success = 0;

    /// <summary>A sentence about the driver and its GPUs.</summary>
    internal static string Describe()
    {
        const string none = "No NVIDIA driver is installed.";
        if (!NativeLibrary.TryLoad(Library, out nint handle))
        {
            return none;
        }

        try
        {
            if (Initialise() != Success)
            {
                return none;
            }

            Span<byte> text = stackalloc byte[96];
            string version = ReadVersion(ref MemoryMarshal.GetReference(text), (uint)text.Length) == Success
                ? Encoding.ASCII.GetString(text[..Math.Max(0, text.IndexOf((byte)0))])
                : "unknown";
            _ = CountDevices(out uint count);
            _ = ShutDown();
            return string.Create(CultureInfo.InvariantCulture, $"The NVIDIA driver's version is {version}; it knows {count} GPUs.");
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

    [LibraryImport(Library, EntryPoint = "nvmlSystemGetDriverVersion")]
    private static partial int ReadVersion(ref byte text, uint length);
}
