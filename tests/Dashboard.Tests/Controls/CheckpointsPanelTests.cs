using Bunit;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class CheckpointsPanelTests : PageTest
{
    private const string Run = "quick-start-full-a50-s1";

    public CheckpointsPanelTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Fact]
    public async Task Render_NewestAndPinned_CannotBeChosen()
    {
        Lab.Pinned.Add((Run, 400));
        var boxes = (await RenderPanelAsync()).FindAll("input[type=checkbox]");

        Assert.Equal([true, true, false], boxes.Select(box => box.HasAttribute("disabled")));
        Assert.Equal("Cannot be deleted: it is pinned", boxes[1].GetAttribute("title"));
    }

    [Fact]
    public async Task Verify_WholeAndDamaged_SaysWhich()
    {
        Lab.Damage[(Run, 400)] = "The checkpoint of step 400 is damaged: 'weights' has 3 bytes, expected 12.";
        var panel = await RenderPanelAsync();

        Press(panel, "Verify the checkpoint of step 600");
        Press(panel, "Verify the checkpoint of step 400");

        Assert.Equal(["whole", "damaged"], panel.FindAll(".whole .badge").Select(badge => badge.TextContent));
        Assert.Contains("has 3 bytes, expected 12", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PinAndUnpin_Pressed_AskTheLab()
    {
        var panel = await RenderPanelAsync();
        Press(panel, "Pin the checkpoint of step 400");
        var plan = await Lab.PlanAsync(Run);
        panel.Render(it => it.Add(control => control.Plan, plan));
        Press(panel, "Unpin the checkpoint of step 400");

        Assert.Equal([$"pin {Run} 400", $"unpin {Run} 400"], Lab.Requests);
    }

    [Fact]
    public async Task Delete_Chosen_ListsThemAndDeletesOnlyIfTold()
    {
        var dialogs = Services.GetRequiredService<DialogService>();
        var asked = new List<IReadOnlyList<RunCheckpoint>>();
        dialogs.OnOpen += (_, _, parameters, _) => asked.Add((IReadOnlyList<RunCheckpoint>)parameters[nameof(CheckpointDeletion.Checkpoints)]!);
        var panel = await RenderPanelAsync();
        Assert.True(panel.Find(".button.danger").HasAttribute("disabled"));

        panel.FindAll(".button").Single(button => button.TextContent.Contains("policy", StringComparison.Ordinal)).Click();
        panel.Find(".button.danger").Click();
        Assert.Equal([400, 200], asked.Single().Select(checkpoint => checkpoint.Step));
        await panel.InvokeAsync(() => dialogs.Close(false));
        Assert.Empty(Lab.Requests);

        panel.Find(".button.danger").Click();
        await panel.InvokeAsync(() => dialogs.Close(true));
        panel.WaitForAssertion(() => Assert.Equal([$"delete {Run} 400 200"], Lab.Requests));
    }

    [Fact]
    public async Task Delete_Refused_SaysWhy()
    {
        Lab.Refusal = new LabException("The checkpoint of step 400 cannot be deleted: it is pinned.");
        var panel = await RenderPanelAsync();

        panel.FindAll("input[type=checkbox]")[1].Change(true);
        panel.Find(".button.danger").Click();
        await panel.InvokeAsync(() => Services.GetRequiredService<DialogService>().Close(true));

        panel.WaitForAssertion(() => Assert.Contains("cannot be deleted: it is pinned", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Deletion_ListsWhatGoes()
    {
        var list = Render<CheckpointDeletion>(it => it.Add(control => control.Checkpoints, [new RunCheckpoint { Step = 400, Epoch = 2, Bytes = 13_400_128 }]));

        Assert.Equal(["400", "2", "13.4 MB", "–"], list.FindAll("tbody th, tbody td").Select(cell => cell.TextContent));
        Assert.Contains("cannot be had back", list.Markup, StringComparison.Ordinal);
    }

    private static void Press(IRenderedComponent<CheckpointsPanel> panel, string label) => panel.Find($"button[aria-label='{label}']").Click();

    private async Task<IRenderedComponent<CheckpointsPanel>> RenderPanelAsync()
    {
        var plan = await Lab.PlanAsync(Run);
        return Render<CheckpointsPanel>(it => it
            .Add(control => control.Run, Run)
            .Add(control => control.Plan, plan)
            .Add(control => control.Manifests, Lab.Checkpoints[Run])
            .Add(control => control.First, 200));
    }
}
