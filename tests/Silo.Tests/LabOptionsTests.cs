using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests;

public sealed class LabOptionsTests
{
    [Fact]
    public void Validate_Defaults_HaveNoFaults() => Assert.True(new LabOptionsValidator().Validate(null, new LabOptions()).Succeeded);

    [Fact]
    public void Validate_ManyFaults_ListsThemAll()
    {
        var result = new LabOptionsValidator().Validate(null, new LabOptions { Data = " ", Url = "nowhere", SiloName = "a/b", Devices = -1, ThreadsPerDevice = 0 });

        Assert.Equal(5, result.Failures!.Count());
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:80", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://192.168.1.2:5080", false)]
    public void Validate_AddressBeyondThisMachine_IsRefused(string url, bool allowed) =>
        Assert.Equal(allowed, new LabOptionsValidator().Validate(null, new LabOptions { Url = url }).Succeeded);
}
