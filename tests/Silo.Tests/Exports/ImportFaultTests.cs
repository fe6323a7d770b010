using Orleans;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Tests.Exports;

/// <summary>Imports that the lab's own store fails in the middle of: all of the study is there afterwards, or nothing that is to be seen.</summary>
[Collection(ExportFixture.Name)]
public sealed class ImportFaultTests(ExportFixture fixture)
{
    [Theory]
    [InlineData("catalog")]
    [InlineData("study")]
    public async Task Import_StateCannotBeWritten_LeavesNoStudyAndCanBeMadeAgain(string state)
    {
        await using var lab = await Lab.StartAsync();
        lab.Break(state);

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => lab.ImportAsync(fixture.Archive));

        Assert.Contains(Lab.Broken, fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(await lab.InventoryAsync());
        Assert.Null((await lab.StudyAsync("small")).Specification);
        Assert.Empty(await lab.Get<IGrainFactory>().GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync());

        lab.Mend();
        await lab.ImportAsync(fixture.Archive);

        Assert.Equal(fixture.Archive, await lab.ExportAsync("small"));
        Assert.Equal(["small"], (await lab.Get<IGrainFactory>().GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync()).Select(study => study.Id));
    }
}
