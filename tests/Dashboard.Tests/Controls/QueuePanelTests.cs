using Bunit;
using Microsoft.AspNetCore.Components.Web;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class QueuePanelTests : PageTest
{
    private static readonly ImmutableArray<WorkTicket> Queue = [.. new[] { "a", "b", "c" }.Select(key => new WorkTicket(WorkKind.Train, key))];

    private readonly List<string> _moves = [];

    [Theory]
    [InlineData("Move b up", "b before a")]
    [InlineData("Move a down", "a before c")]
    [InlineData("Move b down", "b before nothing")]
    [InlineData("Move c to the front", "c before a")]
    public void Press_Button_AsksForThePlace(string label, string expected)
    {
        RenderQueue().Find($"button[aria-label='{label}']").Click();

        Assert.Equal([expected], _moves);
    }

    [Theory]
    [InlineData(2, "ArrowUp", "c before b")]
    [InlineData(0, "ArrowDown", "a before c")]
    [InlineData(2, "Home", "c before a")]
    [InlineData(0, "End", "a before nothing")]
    [InlineData(0, "ArrowUp", "")]
    [InlineData(2, "End", "")]
    public void Press_KeyWithAlt_AsksForThePlace(int place, string key, string expected)
    {
        var queue = RenderQueue();

        queue.FindAll("li")[place].KeyDown(new KeyboardEventArgs { Key = key });
        Assert.Empty(_moves);
        queue.FindAll("li")[place].KeyDown(new KeyboardEventArgs { Key = key, AltKey = true });

        Assert.Equal(expected, string.Join(';', _moves));
    }

    [Fact]
    public void Drag_EntryOntoAnother_AsksForItsPlace()
    {
        var queue = RenderQueue();

        queue.FindAll("li")[0].DragStart();
        queue.FindAll("li")[2].Drop();

        Assert.Equal(["a before nothing"], _moves);
    }

    [Fact]
    public void Render_FirstAndLast_CannotGoFurther()
    {
        var queue = RenderQueue();

        Assert.Equal(
            ["Move a to the front", "Move a up", "Move c down"],
            queue.FindAll("button[disabled]").Select(button => button.GetAttribute("aria-label")));
        Assert.Equal("2 of 3: train b", queue.FindAll("li")[1].GetAttribute("aria-label"));
    }

    [Fact]
    public void Move_OnTheClusterPage_ChangesTheOrderAndSaysIt()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var second = Lab.Pool.Queue[1].Key;
        var page = Render<ClusterPage>();

        page.Find($"button[aria-label='Move {second} up']").Click();

        Assert.Equal([$"move {second} before {Lab.Pool.Queue[1].Key}"], Lab.Requests);
        Assert.Contains(second, page.FindAll(".queue li")[0].TextContent, StringComparison.Ordinal);
        Assert.Equal($"{second} is number 1 of {Lab.Pool.Queue.Length}.", page.FindComponent<QueuePanel>().Find("[role=status]").TextContent);
    }

    [Fact]
    public void Render_Activations_PerTypeAndSilo()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Render<ClusterPage>();

        var rows = page.FindAll("section[aria-labelledby=activations-title] tbody tr");
        Assert.Contains(rows, row => row.TextContent.Contains("trainingrun", StringComparison.Ordinal) && row.Children.Skip(1).Select(cell => cell.TextContent).SequenceEqual(["13", "11", "0", "24"]));
        Assert.Contains("Without devices: silo-c", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<QueuePanel> RenderQueue() => Render<QueuePanel>(it => it
        .Add(control => control.Queue, Queue)
        .Add(control => control.OnMove, move => _moves.Add($"{move.Ticket.Key} before {move.Before?.Key ?? "nothing"}")));
}
