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
}
