using System.Runtime.InteropServices;
using System.Text;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// A GPU's memory as CUDA's driver says it (<c>libcuda</c>), which TorchSharp does not tell. Devices are counted as libtorch counts them, with
/// <c>CUDA_VISIBLE_DEVICES</c> and the like.
/// </summary>
public static partial class CudaMemory
{
    private const string Library = "libcuda.so.1";
    private const int Success = 0;
    private const int LongestName = 256;

    /// <summary>Bytes of a GPU, and those that are free; null where there is no driver, no such GPU, or no answer.</summary>
    /// <param name="index">The GPU, from 0.</param>
    public static (long Total, long Free)? Read(int index) => Ask(index, ReadIn);

    /// <summary>The make of a GPU and its bytes, which are known without taking any of them; null where there is no driver, no such GPU, or no answer.</summary>
    /// <param name="index">The GPU, from 0.</param>
    public static (string Hardware, long Total)? Describe(int index) => Ask(index, DescribeDevice);

    private static T? Ask<T>(int index, Func<int, T?> read)
        where T : struct
    {
        if (!NativeLibrary.TryLoad(Library, out nint handle))
        {
            return null;
        }

        try
        {
            return Initialise(0) == Success && FindDevice(out int device, index) == Success ? read(device) : null;
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    private static (string Hardware, long Total)? DescribeDevice(int device)
    {
        Span<byte> name = stackalloc byte[LongestName];
        return ReadName(ref MemoryMarshal.GetReference(name), name.Length, device) == Success && ReadTotal(out nuint total, device) == Success
            ? (Encoding.ASCII.GetString(name[..Math.Max(0, name.IndexOf((byte)0))]), (long)total)
            : null;
    }

    /// <summary>Memory is asked for in a context; the device's primary one is libtorch's, too.</summary>
    private static (long Total, long Free)? ReadIn(int device)
    {
        if (RetainPrimaryContext(out nint context, device) != Success)
        {
            return null;
        }

        try
        {
            if (PushContext(context) != Success)
            {
                return null;
            }

            int outcome = ReadMemory(out nuint free, out nuint total);
            _ = PopContext(out _);
            return outcome == Success ? ((long)total, (long)free) : null;
        }
        finally
        {
            _ = ReleasePrimaryContext(device);
        }
    }

    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Initialise(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    private static partial int FindDevice(out int device, int index);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int ReadName(ref byte name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int ReadTotal(out nuint bytes, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int RetainPrimaryContext(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int ReleasePrimaryContext(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int PushContext(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int PopContext(out nint context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int ReadMemory(out nuint free, out nuint total);
}
