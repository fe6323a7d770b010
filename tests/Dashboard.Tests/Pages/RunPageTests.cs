using System.Globalization;
using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class RunPageTests : PageTest
{
    private const string Running = "invented-slurs-sweep-low-risk-a50-s2";
    private const string Completed = "quick-start-full-a50-s1";

    public RunPageTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Fact]
    public void Render_UnknownRun_SaysThatThereIsNone() =>
        Assert.Contains("There is no run", Render("nothing").Find("h1").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Render_RunThatLostItsWorker_ShowsBothAttemptsAndTheReason()
    {
        var page = Render(Running);

        var attempts = page.FindAll("section[aria-labelledby=attempts-title] tbody tr");
        Assert.Equal(2, attempts.Count);
        Assert.Contains("running", attempts[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("worker lost", attempts[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("goes on from the checkpoint after step 200", attempts[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["218", "200", "18", "37 s"], new[] { 4, 5, 6, 7 }.Select(cell => attempts[1].Children[cell].TextContent));
        Assert.Equal("2 starts; 18 steps and 37 s lost", page.Find("section[aria-labelledby=attempts-title] .panel-head .small").TextContent);
    }

    [Fact]
    public void Render_Run_ShowsCheckpointsNewestFirst()
    {
        var rows = Render(Running).FindAll("section[aria-labelledby=checkpoints-title] tbody tr");

        Assert.Equal(["400", "200"], rows.Select(row => row.QuerySelector("th")!.TextContent));
        Assert.Equal("13.4 MB", rows[0].Children[3].TextContent);
        Assert.Equal(new string('c', 63), rows[0].QuerySelector("code")!.GetAttribute("title")![1..]);
    }

    [Fact]
    public void Render_Run_ShowsEveryFigureLive()
    {
        var page = Render(Running);

        Assert.Equal(
            ["Loss", "Gradient norm", "Learning rate", "Tokens per second", "Loss-bearing tokens"],
            page.FindAll("figure h3").Select(title => title.TextContent));
        Assert.Contains(page.FindAll(".facts div"), fact => fact.TextContent.Contains("Loss-bearing tokens", StringComparison.Ordinal) && fact.TextContent.Contains("100 %", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Render_DigitsChosen_LossHasThem()
    {
        await Services.GetRequiredService<Reader>().ChooseAsync(zone: null, digits: 2);

        var fact = Render(Running).FindAll(".facts > div").Single(fact => fact.Children[0].TextContent == "Loss");

        Assert.Equal(Lab.Runs[Running].Training.Progress.Numbers["loss"].ToString("G2", CultureInfo.InvariantCulture), fact.Children[1].TextContent);
    }

    [Fact]
    public void Render_Run_ShowsWhatItsDataWasMadeOf()
    {
        var lineage = Render(Running).Find("section[aria-labelledby=lineage-title]");

        Assert.Equal(["corpora/invented-base", "corpora/invented-forum"], lineage.QuerySelectorAll("a[href^=corpora]").Select(link => link.GetAttribute("href")));
        foreach (var hash in new[] { new string('7', 64), new string('d', 64), new string('5', 64), new string('9', 64) })
        {
            Assert.Contains(hash, lineage.TextContent, StringComparison.Ordinal);
        }

        Assert.Contains("SlungOrleans 1.0 (managed)", lineage.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RunAskedToPause_SaysSoAndOffersToResume()
    {
        var run = Lab.Runs[Running];
        Lab.Runs[Running] = run with { Training = run.Training with { Wanted = WorkState.Paused } };
        var page = Render(Running);

        Assert.Equal("pausing", page.Find(".page-head .badge").TextContent);
        page.FindAll(".page-actions button").Single(button => button.TextContent.Contains("Resume", StringComparison.Ordinal)).Click();
        Assert.Equal([$"resume {Running}"], Lab.Requests);
    }

    [Fact]
    public void Retry_FailedRun_AsksTheGrain()
    {
        var run = Lab.Runs[Running];
        Lab.Runs[Running] = run with { Training = run.Training with { State = WorkState.Failed, Message = "The loss is not a number." } };

        Render(Running).Find(".page-head .page-actions button").Click();

        Assert.Equal([$"retry {Running}"], Lab.Requests);
    }

    [Fact]
    public void Continue_CompletedRun_AsksForStepsAndThenTheGrain()
    {
        var page = Render(Completed);
        page.Find(".page-head .page-actions button").Click();

        page.Find(".continue-form input").Change("600");
        page.Find(".continue-form").Submit();
        Assert.Contains("expected a whole number from 601", page.Find(".continue-form [role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Lab.Requests);

        page.Find(".continue-form input").Change("900");
        page.Find(".continue-form").Submit();
        Assert.Equal([$"continue {Completed} 900"], Lab.Requests);
        Assert.Empty(page.FindAll(".continue-form"));
    }

    [Fact]
    public void Continue_Refused_SaysWhy()
    {
        Lab.Refusal = new LabException("Run 'a' is part of study 'b', which has not ended; it can be continued then.");
        var page = Render(Completed);

        page.Find(".page-head .page-actions button").Click();
        page.Find(".continue-form").Submit();

        Assert.Contains("which has not ended", page.Find(".banner.bad[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Pause_RunningRun_AsksTheGrain()
    {
        var page = Render(Running);

        page.FindAll("button").Single(button => button.TextContent.Contains("Pause", StringComparison.Ordinal)).Click();

        Assert.Equal([$"pause {Running}"], Lab.Requests);
    }

    [Fact]
    public void Render_PausedRun_OffersResumeOnly()
    {
        var run = Lab.Runs[Running];
        Lab.Runs[Running] = run with { Training = run.Training with { State = WorkState.Paused } };
        var page = Render(Running);

        var buttons = page.FindAll(".page-head .page-actions button");
        Assert.Equal(2, buttons.Count);
        Assert.Contains("Resume", buttons[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Cancel", buttons[1].TextContent, StringComparison.Ordinal);
        buttons[0].Click();
        Assert.Equal([$"resume {Running}"], Lab.Requests);
    }

    [Fact]
    public void Render_CompletedRun_ShowsEvaluations()
    {
        var page = Render(Completed);

        var suites = page.FindAll("section[aria-labelledby=evaluations-title] tbody th").Select(suite => suite.TextContent);
        Assert.Equal(["recognition", "generation"], suites);
        Assert.Contains("0.8731", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<RunPage> Render(string id) => Render<RunPage>(page => page.Add(it => it.Id, id));
}
