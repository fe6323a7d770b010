using Bunit;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class LaunchPageTests : PageTest
{
    public LaunchPageTests()
    {
        Lab.Samples = [new SampleStudy("quick-start", SampleYaml.QuickStart), new SampleStudy("faulty", "name: faulty")];
        Lab.Reader = SampleYaml.Read;
    }

    [Fact]
    public void Render_FirstSample_IsReadAndCanBeLaunched()
    {
        var page = Render<LaunchPage>();

        Assert.Equal(SampleYaml.QuickStart, page.Find("textarea").GetAttribute("value"));
        Assert.Equal("can be launched", page.Find(".badge").TextContent);
        Assert.Contains("24 = 4 × 3 × 2", page.Markup, StringComparison.Ordinal);
        Assert.False(page.Find("button.big").HasAttribute("disabled"));
    }

    [Fact]
    public void Render_Arms_SaysWhichLossFallsWhere()
    {
        var rows = Render<LaunchPage>().FindAll("tbody tr").Select(row => row.Children.Select(cell => cell.TextContent.Trim()).ToArray()).ToArray();

        Assert.Equal(["low-risk", "filtered", "cross-entropy", "not in the text", "not in the text"], rows[0]);
        Assert.Equal(["full", "original", "cross-entropy", "cross-entropy", "cross-entropy"], rows[1]);
        Assert.Equal(["masked", "original", "cross-entropy", "no loss", "no loss"], rows[2]);
        Assert.Equal(["unlikelihood", "original", "cross-entropy", "cross-entropy", "unlikelihood"], rows[3]);
    }

    [Fact]
    public void Type_TextWithFaults_ListsEveryFaultAndForbidsLaunching()
    {
        var page = Render<LaunchPage>();

        page.Find("textarea").Input("name: Not A Name\n");

        var faults = page.FindAll(".faults li").Select(fault => fault.TextContent).ToArray();
        Assert.Equal(2, faults.Length);
        Assert.StartsWith("name: 'Not A Name' is not a valid name", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("seeds:", faults[1], StringComparison.Ordinal);
        Assert.Equal("2 faults", page.Find(".badge").TextContent);
        Assert.True(page.Find("button.big").HasAttribute("disabled"));
    }

    [Fact]
    public void ChooseSample_Another_ReplacesTheText()
    {
        var page = Render<LaunchPage>();

        page.Find("#sample").Change("faulty");

        Assert.Equal("name: faulty", page.Find("textarea").GetAttribute("value"));
        Assert.Single(page.FindAll(".faults li"));
    }

    [Fact]
    public void Launch_ValidStudy_GoesToItsPage()
    {
        var page = Render<LaunchPage>();

        page.Find("button.big").Click();

        Assert.Equal(["launch quick-start"], Lab.Requests);
        Assert.EndsWith("/studies/quick-start", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_NameIsTaken_SaysSoInOneSentence()
    {
        Lab.LaunchFailure = new LabException("There is another study 'quick-start'; choose another name.");
        var page = Render<LaunchPage>();

        page.Find("button.big").Click();

        Assert.Contains("There is another study 'quick-start'; choose another name.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.False(page.Find("button.big").HasAttribute("disabled"));
    }
}
