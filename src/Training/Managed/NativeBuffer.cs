using System.Runtime.InteropServices;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// Zeroed floats outside the collected heap, aligned to a cache line, large ones to a huge page where the system has them. Pages that are
/// never written cost no memory. Freed only by Dispose: the owner hands out bare pointers, so a finalizer could free them while in use.
/// </summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 2 * 1024 * 1024;

    /// <summary>MADV_HUGEPAGE of Linux.</summary>
    private const int UseHugePages = 14;

    /// <summary>MADV_DONTNEED of Linux: the pages are given back, and zeros when they are next touched.</summary>
    private const int GiveBack = 4;

    private void* _allocation;

    internal NativeBuffer(long length)
    {
        Length = length;
        nuint bytes = (nuint)length * sizeof(float), alignment = bytes >= 2 * HugePage ? HugePage : CacheLine;
        _allocation = NativeMemory.AllocZeroed(bytes + alignment);
        Data = (float*)(((nuint)_allocation + alignment - 1) & ~(alignment - 1));
        if (alignment == HugePage && OperatingSystem.IsLinux())
        {
            // Fewer misses of the address cache. A wish only: where it is refused, nothing but speed is lost.
            _ = MAdvise(Data, bytes, UseHugePages);
        }
    }

    internal float* Data { get; private set; }

    internal long Length { get; }

    /// <summary>Sets all to zero; where the system can, without taking memory for it.</summary>
    internal void Clear()
    {
        nuint bytes = (nuint)Length * sizeof(float);
        bool aligned = ((nuint)Data & (HugePage - 1)) == 0 && bytes >= HugePage && OperatingSystem.IsLinux();
        nuint given = aligned ? bytes & ~(HugePage - 1) : 0;
        given = given > 0 && MAdvise(Data, given, GiveBack) == 0 ? given : 0;
        NativeMemory.Clear((byte*)Data + given, bytes - given);
    }

    public void Dispose()
    {
        NativeMemory.Free(_allocation);
        _allocation = null;
        Data = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* address, nuint bytes, int advice);
}
