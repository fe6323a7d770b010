using Orleans;
using Orleans.Timers;
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

    [Fact]
    public async Task Import_AfterOneThatEndedBeforeItsStudyWasListed_ListsIt()
    {
        await using var lab = await Lab.StartAsync();
        await LeaveUnlistedAsync(lab);

        Assert.Equal("small", await lab.ImportAsync(fixture.Archive));

        Assert.Equal(["small"], await ListAsync(lab));
        Assert.Equal(fixture.Archive, await lab.ExportAsync("small"));
        var again = await Assert.ThrowsAsync<LabException>(() => lab.ImportAsync(fixture.Archive));
        Assert.StartsWith("There is a study 'small' already (completed)", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reminder_AfterAnImportThatEndedBeforeItsStudyWasListed_ListsItAndTicksNoMore()
    {
        await using var lab = await Lab.StartAsync();
        await LeaveUnlistedAsync(lab);
        var study = lab.Get<IGrainFactory>().GetGrain<IStudyGrain>("small");
        var reminders = lab.Get<IReminderRegistry>();
        var reminder = Assert.Single(await reminders.GetReminders(study.GetGrainId()));

        await study.AsReference<IRemindable>().ReceiveReminder(reminder.ReminderName, default);

        Assert.Equal(["small"], await ListAsync(lab));
        Assert.Empty(await reminders.GetReminders(study.GetGrainId()));
    }

    /// <summary>What a silo that dies between the two leaves: the study is registered, and its import was neither finished nor undone.</summary>
    private async Task LeaveUnlistedAsync(Lab lab)
    {
        lab.Break("catalog");
        lab.BreakSecondWriting("study");
        await Assert.ThrowsAnyAsync<Exception>(() => lab.ImportAsync(fixture.Archive));
        lab.Mend();
        Assert.Equal(StudyStage.Completed, (await lab.StudyAsync("small")).Stage);
        Assert.Empty(await ListAsync(lab));
    }

    private static async Task<IEnumerable<string>> ListAsync(Lab lab) =>
        (await lab.Get<IGrainFactory>().GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync()).Select(study => study.Id);
}
