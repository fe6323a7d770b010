using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class StudyPageTests : PageTest
{
    public StudyPageTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Theory]
    [InlineData("nobody-launched-this")]
    [InlineData("Not An Id")]
    public void Render_UnknownStudy_SaysThatThereIsNone(string id)
    {
        var page = Render(id);

        Assert.Contains("There is no study", page.Find("h1").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RunningStudy_ShowsStageRunsAndCancel()
    {
        var page = Render("invented-slurs-sweep");

        Assert.Equal(["done", "done", "done", "current", ""], page.FindAll(".steps li").Select(step => step.ClassName ?? ""));
        Assert.Equal(24, page.FindAll(".lab-grid tbody tr").Count);
        Assert.Contains(page.FindAll("button"), button => button.TextContent.Contains("Cancel the study", StringComparison.Ordinal));
        Assert.Empty(page.FindComponents<ComparisonSection>());
    }

    // A row that is made anew every second loses the click whose press and release lie on either side, and the keyboard's focus.
    [Fact]
    public void Tick_RunsHaveGoneOn_TheirRowsAreTheSame()
    {
        var page = Render("invented-slurs-sweep");
        var before = page.FindComponent<RunsTable>().FindComponents<ProgressLine>().ToDictionary(line => line.Instance.Label, line => line.Instance);
        var study = Lab.Studies["invented-slurs-sweep"];

        Lab.Studies["invented-slurs-sweep"] = study with { Runs = [.. study.Runs.Select(run => run with { Step = run.Step + 1 })] };
        Time.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Equal(study.Runs[0].Step + 1, page.FindComponent<RunsTable>().FindComponent<ProgressLine>().Instance.Done));
        Assert.All(page.FindComponent<RunsTable>().FindComponents<ProgressLine>(), line => Assert.Same(before[line.Instance.Label], line.Instance));
    }

    [Fact]
    public void Actions_OfAStudyUnderWay_AskTheGrain()
    {
        var page = Render("invented-slurs-sweep");
        Press(page, "Pause");
        Lab.Studies["invented-slurs-sweep"] = Lab.Studies["invented-slurs-sweep"] with { Paused = true };
        Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal("paused", page.Find(".page-head .badge").TextContent));
        Press(page, "Resume");

        Assert.Equal(["pause invented-slurs-sweep", "resume invented-slurs-sweep"], Lab.Requests);
    }

    [Fact]
    public void Retry_FailedStudy_AsksTheGrain()
    {
        Press(Render("wrong-path"), "Retry");

        Assert.Equal(["retry wrong-path"], Lab.Requests);
    }

    [Fact]
    public void Continue_CompletedStudy_SaysThatTheComparisonIsReplacedAndAsksTheGrain()
    {
        var page = Render("quick-start");
        Press(page, "Continue…");

        Assert.Contains("replaces the one there is", page.Find(".continue-form").TextContent, StringComparison.Ordinal);
        page.Find(".continue-form input").Change("1200");
        page.Find(".continue-form").Submit();
        Assert.Equal(["continue quick-start 1200"], Lab.Requests);
    }

    [Fact]
    public void Render_FailedStudy_ShowsWhereAndWhy()
    {
        var page = Render("wrong-path");

        Assert.Equal("stopped", page.FindAll(".steps li")[0].ClassName);
        Assert.Contains("there is no file '/data/forum.jsonl'", page.Find(".banner.bad").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Cancel", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_ImportingStudy_ShowsTheProgressOfEveryCorpus()
    {
        Lab.Studies["new"] = Lab.Studies["wrong-path"] with { Id = "new", Stage = StudyStage.Importing, Message = "", Ended = null };
        Lab.Corpora["invented-base"] = Lab.Corpora["invented-base"] with
        {
            Import = new WorkView { State = WorkState.Running, Progress = new WorkProgress { Done = 1500, Total = 4000 } },
        };

        var page = Render("new");

        Assert.Equal("1,500 / 4,000", page.Find(".work-line [role=progressbar]").GetAttribute("aria-valuetext"));
        Assert.Equal(2, page.FindAll(".work-line").Count);
    }

    [Fact]
    public void Tick_RunHasNewSteps_OnlyTheNewPointsAreSent()
    {
        var module = JSInterop.SetupModule("./_content/SlungOrleans.Dashboard/js/line-chart.js");
        var chart = module.SetupModule("create", _ => true);
        chart.Setup<int>("width").SetResult(700);
        chart.SetupVoid("replace", _ => true).SetVoidResult();
        chart.SetupVoid("append", _ => true).SetVoidResult();
        var page = Render("invented-slurs-sweep");
        page.WaitForAssertion(() => Assert.Single(chart.Invocations["replace"]));

        var study = Lab.Studies["invented-slurs-sweep"];
        var run = study.Runs[1];
        var arm = Lab.Runs[run.Id].Specification!.Arm;
        Lab.Metrics[run.Id].AddRange([SampleLab.Metric(531, arm, 2, 0.05), SampleLab.Metric(532, arm, 2, 0.05)]);
        Lab.Studies[study.Id] = study with { Runs = study.Runs.SetItem(1, run with { Step = 532 }) };
        // The chart has 24 lines: every third tick.
        Time.Advance(TimeSpan.FromSeconds(3));

        page.WaitForAssertion(() => Assert.Single(chart.Invocations["append"]));
        Assert.StartsWith("""[{"Line":1,"Steps":[531,532],"Values":[""", Json(chart.Invocations["append"][0].Arguments[0]), StringComparison.Ordinal);
        Assert.Single(chart.Invocations["replace"]);
    }

    [Fact]
    public void Render_CompletedStudy_ShowsVerdictsAndAudit()
    {
        var page = Render("quick-start");

        Assert.Equal(4, page.FindAll(".verdicts li").Count);
        Assert.Contains("Loss bearing tokens", page.Markup, StringComparison.Ordinal);
        Assert.Contains("matched", page.Markup, StringComparison.Ordinal);
    }

    private static void Press(IRenderedComponent<StudyPage> page, string text) =>
        page.FindAll(".page-actions button").Single(button => button.TextContent.EndsWith(text, StringComparison.Ordinal)).Click();

    private static string Json(object? value) => System.Text.Json.JsonSerializer.Serialize(value);

    private IRenderedComponent<StudyPage> Render(string id) => Render<StudyPage>(page => page.Add(it => it.Id, id));
}
