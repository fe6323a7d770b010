using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.TorchSharp.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData("Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU", DeviceFault.NoDevice)]
    [InlineData("CUDA error: no CUDA-capable device is detected", DeviceFault.NoDevice)]
    [InlineData("CUDA error: invalid device ordinal\nCUDA kernel errors might be asynchronously reported", DeviceFault.NoDevice)]
    [InlineData("The NVIDIA driver on your system is too old (found version 11040).", DeviceFault.WrongVersion)]
    [InlineData("CUDA error: no kernel image is available for execution on the device", DeviceFault.WrongVersion)]
    [InlineData("CUDA driver version is insufficient for CUDA runtime version", DeviceFault.WrongVersion)]
    [InlineData("Cannot initialize CUDA without ATen_cuda library.", DeviceFault.WrongVersion)]
    [InlineData("CUDA error: unspecified launch failure", DeviceFault.Lost)]
    [InlineData("CUDA error: an illegal memory access was encountered", DeviceFault.Lost)]
    [InlineData("CUDA error: uncorrectable ECC error encountered", DeviceFault.Lost)]
    [InlineData("Unable to load shared library 'libLibTorchSharp' or one of its dependencies.", DeviceFault.NoLibrary)]
    [InlineData("CUDA error: an illegal instruction was encountered", DeviceFault.Lost)]
    [InlineData("CUDA error: the launch timed out and was terminated", DeviceFault.Lost)]
    [InlineData("CUDA error: device kernel image is invalid", DeviceFault.WrongVersion)]
    [InlineData("Unable to find an entry point named 'THSTensor_grad' in shared library 'LibTorchSharp'.", DeviceFault.WrongVersion)]
    [InlineData("The libtorch-cuda-12.8-linux-x64 package version 2.10.0 is not restored on this system. If using F# Interactive", DeviceFault.NoLibrary)]
    [InlineData("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)", DeviceFault.OutOfMemory)]
    internal void Find_WhatTheLibrarySays_TellsTheFaultAndWhatHelps(string message, DeviceFault fault)
    {
        DeviceException? failure = DeviceFailures.Find(message, "cuda:1");
        Assert.Equal((fault, "cuda:1"), (failure?.Fault, failure?.Device));
        Assert.Contains("cuda:1", failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "CUDA out of memory. Tried to allocate 20.00 GiB (GPU 0; 139.80 GiB total capacity; 3.20 GiB already allocated; 11.50 GiB free; 4 GiB reserved)",
        "20.00 GiB were asked for. 11.50 GiB are free.")]
    [InlineData(
        "CUDA out of memory. Tried to allocate 512.00 MiB. GPU 0 has a total capacity of 139.80 GiB of which 301.31 MiB is free. Process 1 has 9 GiB",
        "512.00 MiB were asked for. 301.31 MiB are free.")]
    [InlineData(
        "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 34359738368 bytes. Error code 12",
        "32.00 GiB were asked for.")]
    internal void Find_OutOfMemory_SaysWhatWasAskedWhatIsFreeAndWhatHelps(string message, string expected)
    {
        DeviceException failure = DeviceFailures.Find(message, "cuda:0")!;
        Assert.Equal(DeviceFault.OutOfMemory, failure.Fault);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("RecomputeActivations", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_AFaultOfTheProgram_IsNotTheDevices() => Assert.Null(DeviceFailures.Find(
        "index out of range in self\nException raised from operator() (most recent call first):\nframe #9: THSTensor_index_select in libLibTorchSharp.so\n"
        + "Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.",
        "cuda:0"));

    [TorchFact]
    public void Create_AModelThatNoMachineHolds_IsOutOfMemory()
    {
        // More than the address space: refused at once, whatever the machine.
        ModelDescription description = Samples.Description(vocabulary: 16_000_000, hidden: 8_000_000, layers: 1, heads: 1, feedForward: 1, longest: 1);
        long before = TorchEngine.LiveTensors;
        DeviceException failure = Assert.Throws<DeviceException>(() => TorchEngine.Open().Create(description, 1));
        Assert.Equal(DeviceFault.OutOfMemory, failure.Fault);
        Assert.Matches("GiB were asked for", failure.Message);
        Assert.Equal(before, TorchEngine.LiveTensors);
    }

    [TorchFact]
    public void Open_ADeviceThatIsNotThere_SaysSo()
    {
        DeviceException failure = Assert.Throws<DeviceException>(() => TorchEngine.Open(device: "cuda:99"));
        Assert.Contains(failure.Fault, new[] { DeviceFault.NoDevice, DeviceFault.WrongVersion });
        Assert.Contains("cuda:99", failure.Message, StringComparison.Ordinal);
        Assert.Contains("torch:cpu", Assert.Throws<ArgumentException>(() => TorchEngine.Open(device: "gpu")).Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Create_ADescriptionThatIsNoModel_IsRefusedAsByTheManagedEngine()
    {
        ModelDescription description = Samples.Description() with { HiddenSize = 25 };
        Assert.Equal(
            Assert.Throws<ArgumentException>(() => new ManagedEngine().Create(description, 1)).Message,
            Assert.Throws<ArgumentException>(() => TorchEngine.Open().Create(description, 1)).Message);
    }
}
