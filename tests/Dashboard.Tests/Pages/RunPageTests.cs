using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class RunPageTests : PageTest
{
    private const string Running = "invented-slurs-sweep-low-risk-a50-s2";

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
    }

    [Fact]
    public void Render_Run_ShowsCheckpointsNewestFirst()
    {
        var rows = Render(Running).FindAll("section[aria-labelledby=checkpoints-title] tbody tr");

        Assert.Equal(["400", "200"], rows.Select(row => row.QuerySelector("th")!.TextContent));
        Assert.Equal("13.4 MB", rows[0].Children[2].TextContent);
        Assert.Equal(new string('c', 63), rows[0].QuerySelector("code")!.GetAttribute("title")![1..]);
    }

    [Fact]
    public void Render_VerifiedRun_ShowsItsCertificate()
    {
        Assert.Empty(Render(Running).FindAll("#resume-certificate"));
        Lab.Runs[Running] = Lab.Runs[Running] with { Certificate = new ResumeCertificateView { Verdict = "identical", Message = "Steps 201 to 400 were replayed and came to the same bits." } };
        var certificate = Render(Running).Find("#resume-certificate dd");
        Assert.Equal(("identical", "Steps 201 to 400 were replayed and came to the same bits."), (certificate.TextContent, certificate.GetAttribute("title")));
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

        var buttons = page.FindAll(".page-actions button");
        Assert.Equal(2, buttons.Count);
        Assert.Contains("Resume", buttons[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Cancel", buttons[1].TextContent, StringComparison.Ordinal);
        buttons[0].Click();
        Assert.Equal([$"resume {Running}"], Lab.Requests);
    }

    [Fact]
    public void Render_CompletedRun_ShowsEvaluations()
    {
        var page = Render("quick-start-full-a50-s1");

        var suites = page.FindAll("section[aria-labelledby=evaluations-title] tbody th").Select(suite => suite.TextContent);
        Assert.Equal(["recognition", "generation"], suites);
        Assert.Contains("0.8731", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".page-actions button"));
    }

    private IRenderedComponent<RunPage> Render(string id) => Render<RunPage>(page => page.Add(it => it.Id, id));
}
