using Bunit;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class StudiesPageTests : PageTest
{
    [Fact]
    public void Render_NoStudies_OffersTheQuickStart()
    {
        OfferQuickStart();

        var page = Render<StudiesPage>();

        Assert.Contains("No studies yet", page.Markup, StringComparison.Ordinal);
        Assert.Equal("Quick start", page.Find("button.big").TextContent.Replace("play_arrow", "", StringComparison.Ordinal).Trim());
        Assert.Equal("launch", page.Find("a.button").GetAttribute("href"));
    }

    [Fact]
    public void Render_LabHasNotAnswered_ShowsThatItReads()
    {
        var gate = new TaskCompletionSource();
        Lab.Gate = gate.Task;

        var page = Render<StudiesPage>();

        Assert.NotEmpty(page.FindAll("[role=status].loading"));
        Assert.DoesNotContain("No studies yet", page.Markup, StringComparison.Ordinal);
        gate.SetResult();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".loading")));
    }

    [Fact]
    public void Render_LabFails_SaysWhyAndRecovers()
    {
        Lab.Failure = new InvalidOperationException("The store is away.");

        var page = Render<StudiesPage>();

        Assert.Contains("This could not be read: The store is away.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Lab.Failure = null;
        Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("No studies yet", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public void Render_Studies_ShowsStateProgressAndTimes()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Render<StudiesPage>();

        var rows = page.FindAll("tbody tr");
        Assert.Equal(3, rows.Count);
        Assert.Equal("invented-slurs-sweep", rows[0].QuerySelector("a")!.TextContent);
        Assert.Equal("running", rows[0].QuerySelector(".badge")!.TextContent);
        Assert.Equal("1 / 24", rows[0].QuerySelector("[role=progressbar]")!.GetAttribute("aria-valuetext"));
        Assert.Equal("17 min ago", rows[0].QuerySelector("time")!.TextContent);
        Assert.Equal("2026-11-20 14:43:00 UTC", rows[0].QuerySelector("time")!.GetAttribute("title"));
        Assert.Contains("there is no file", rows[2].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_WithSearchStateAndSort_ListsAccordingly()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        Services.GetRequiredService<NavigationManager>().NavigateTo("/?state=completed,failed&sort=study");

        var page = Render<StudiesPage>();

        Assert.Equal(["quick-start", "wrong-path"], page.FindAll("tbody th a.strong").Select(link => link.TextContent));
        Assert.Equal("ascending", page.FindAll("thead th")[0].GetAttribute("aria-sort"));
        Assert.Equal("2 of 3 studies", page.Find(".count").TextContent);
        Assert.Equal(["false", "true", "true", "false"], page.FindAll(".segments button").Select(button => button.GetAttribute("aria-pressed")));
    }

    [Fact]
    public void SearchSortAndFilter_Changed_AreInTheAddress()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var page = Render<StudiesPage>();
        var navigation = Services.GetRequiredService<NavigationManager>();

        page.Find("input[type=search]").Input("slurs");
        Assert.EndsWith("/?q=slurs", navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("invented-slurs-sweep", Assert.Single(page.FindAll("tbody th a.strong")).TextContent);

        page.FindAll("thead button")[4].Click();
        Assert.EndsWith("/?q=slurs&sort=-runs", navigation.Uri, StringComparison.Ordinal);

        page.FindAll(".segments button")[2].Click();
        Assert.EndsWith("state=failed", navigation.Uri, StringComparison.Ordinal);
        Assert.Contains("No study matches", page.Markup, StringComparison.Ordinal);

        page.Find("button.plain").Click();
        Assert.EndsWith("/", navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(3, page.FindAll("tbody tr").Count);
    }

    [Fact]
    public void Render_Verdicts_FirstIsShownAndTheOthersFolded()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        Lab.Studies["quick-start"] = Lab.Studies["quick-start"] with { Verdicts = ["masked against control: recognises more.", "full against control: nothing to tell apart."] };

        var page = Render<StudiesPage>();

        var cells = page.FindAll("td.study-verdict");
        Assert.Equal("not yet", cells[0].TextContent.Trim());
        Assert.Equal("masked against control: recognises more. 1 more", cells[1].QuerySelector("summary")!.TextContent);
        Assert.Equal("full against control: nothing to tell apart.", cells[1].QuerySelector("p")!.TextContent);
        Assert.Equal("none", cells[2].TextContent.Trim());
    }

    [Fact]
    public void Tick_StudyHasProgressed_PageFollows()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var page = Render<StudiesPage>();

        Lab.Studies["invented-slurs-sweep"] = Lab.Studies["invented-slurs-sweep"] with { Stage = StudyStage.Comparing };
        Time.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Equal("comparing", page.Find("tbody tr .badge").TextContent));
    }

    [Fact]
    public async Task Dispose_Page_LeavesNoTimerBehind()
    {
        Render<StudiesPage>();
        Assert.Equal(1, Time.Timers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Time.Timers);
    }

    [Fact]
    public void QuickStart_Click_LaunchesTheFirstSampleAndGoesToIt()
    {
        OfferQuickStart();
        var page = Render<StudiesPage>();

        page.Find("button.big").Click();

        page.WaitForAssertion(() => Assert.EndsWith("/studies/quick-start", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal(["launch quick-start"], Lab.Requests);
        Assert.Equal([("local", "launch", "study", "quick-start", null)], Lab.AuditLog.Select(entry => (entry.Who, entry.Action, entry.Kind, entry.Id, entry.Refusal)));
    }

    [Fact]
    public void QuickStart_LaunchIsRefused_SaysWhy()
    {
        OfferQuickStart();
        Lab.LaunchFailure = new LabException("There is another study 'quick-start'.");
        var page = Render<StudiesPage>();

        page.Find("button.big").Click();

        page.WaitForAssertion(() => Assert.Contains("There is another study 'quick-start'.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    private void OfferQuickStart()
    {
        Lab.Samples = [new SampleStudy("quick-start", SampleYaml.QuickStart), new SampleStudy("other", "name: other")];
        Lab.Reader = SampleYaml.Read;
    }
}
