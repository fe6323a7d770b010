using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("cpu:0", null, true)]
    [InlineData("cpu:0", "cpu", true)]
    [InlineData("cpu:12", "cpu", true)]
    [InlineData("cpu:12", "cpu:12", true)]
    [InlineData("cpu:12", "cpu:1", false)]
    [InlineData("cuda:0", "cpu", false)]
    [InlineData("cuda:0", "cuda", true)]
    [InlineData("torch:cpu", "torch:cpu", true)]
    [InlineData("torch:cpu", "cpu", false)]
    [InlineData("torch:cpu", "torch", false)]
    [InlineData("cpu:0", "torch:cpu", false)]
    public void Serves_DeviceAndWhatIsWanted_AreOfTheSameName(string device, string? wanted, bool expected) =>
        Assert.Equal(expected, DeviceName.Serves(device, wanted));

    [Theory]
    [InlineData("cpu", true)]
    [InlineData("cuda", true)]
    [InlineData("cuda:3", true)]
    [InlineData("torch:cpu", true)]
    [InlineData("torch", false)]
    [InlineData("torch:cpu:0", false)]
    [InlineData("gpu", false)]
    [InlineData("cuda:", false)]
    [InlineData("cuda:-1", false)]
    [InlineData("cuda:x", false)]
    [InlineData(":0", false)]
    [InlineData("", false)]
    public void IsKnown_Name_IsThatOfADeviceOrAKind(string name, bool expected) => Assert.Equal(expected, DeviceName.IsKnown(name));
}
