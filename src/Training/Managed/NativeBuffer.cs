using System.Runtime.InteropServices;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// Zeroed floats outside the collected heap, aligned to a cache line. Pages that are never written cost no memory. Freed only by
/// Dispose: the owner hands out bare pointers, so a finalizer could free them while they are in use.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private void* _allocation;

    internal NativeBuffer(long length)
    {
        Length = length;
        _allocation = NativeMemory.AllocZeroed(((nuint)length * sizeof(float)) + Alignment);
        Data = (float*)(((nuint)_allocation + Alignment - 1) & ~(Alignment - 1));
    }

    internal float* Data { get; private set; }

    internal long Length { get; }

    public void Dispose()
    {
        NativeMemory.Free(_allocation);
        _allocation = null;
        Data = null;
    }
}
