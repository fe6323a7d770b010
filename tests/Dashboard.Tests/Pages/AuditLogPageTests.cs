using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class AuditLogPageTests : PageTest
{
    [Fact]
    public void Show_Nothing_SaysSo() => Assert.Contains("Nothing has been launched", Render<AuditLogPage>().Markup, StringComparison.Ordinal);

    [Fact]
    public async Task Show_Entries_NewestFirstWithLinksAndRefusals()
    {
        await Lab.AddAsync("ada", "launch", "study", "study-a");
        await Lab.AddAsync("grace", "delete", "checkpoint", "<b>run-a</b>", "It is pinned.");

        var rows = Render<AuditLogPage>().FindAll("tbody tr");

        Assert.Equal(["grace", "delete checkpoint", "<b>run-a</b>", "It is pinned."], rows[0].QuerySelectorAll("td").Skip(1).Select(cell => cell.TextContent.Trim()));
        Assert.Equal("studies/study-a", rows[1].QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void Launch_Study_IsWrittenDownBeforeAndIfRefused()
    {
        Lab.Samples = [new SampleStudy("quick-start", SampleYaml.QuickStart)];
        Lab.Reader = SampleYaml.Read;
        Lab.LaunchFailure = new LabException("The name is taken.");
        var page = Render<LaunchPage>();

        page.Find("button.big").Click();

        page.WaitForAssertion(() => Assert.Equal(
            [("local", "launch", "study", "quick-start", null), ("local", "launch", "study", "quick-start", "The name is taken.")],
            Lab.AuditLog.Select(entry => (entry.Who, entry.Action, entry.Kind, entry.Id, entry.Refusal))));
    }

    [Fact]
    public async Task Pause_Run_IsWrittenDown()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var id = Lab.Runs.Values.First(run => run.Training.State == WorkState.Running).Id;
        var page = Render<RunPage>(parameters => parameters.Add(run => run.Id, id));

        await page.FindAll("button").Single(button => button.TextContent.Contains("Pause", StringComparison.Ordinal)).ClickAsync();

        Assert.Equal(("local", "pause", "run", id), Assert.Single(Lab.AuditLog.Select(entry => (entry.Who, entry.Action, entry.Kind, entry.Id))));
    }
}
