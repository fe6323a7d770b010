using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class RunPanelsTests : PageTest
{
    private const string Run = "quick-start-full-a50-s2";

    public RunPanelsTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Fact]
    public void Certify_Pressed_SaysThatItReplaysAndThenTheVerdict()
    {
        var replay = new TaskCompletionSource<ResumeCertificateView>();
        Lab.Replay = replay.Task;
        var panel = RenderCertificate(null);
        panel.Find("button").Click();
        panel.Render();
        Assert.Equal("replaying the last steps", panel.Find("[role=status]").TextContent);
        Assert.Empty(panel.FindAll("button"));

        replay.SetResult(new ResumeCertificateView { Verdict = "different", Message = "Step 431 came to another loss.", FromStep = 400, ToStep = 600 });

        panel.WaitForAssertion(() => Assert.Single(panel.FindAll("button")));
        var made = RenderCertificate(Lab.Runs[Run].Certificate);
        Assert.Equal("badge bad", made.Find(".badge").ClassName);
        Assert.Contains("Step 431 came to another loss.", made.Markup, StringComparison.Ordinal);
        Assert.Contains("steps 401 to 600", made.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Certify_Refused_SaysWhy()
    {
        Lab.Replay = Task.FromException<ResumeCertificateView>(new LabException("There is no checkpoint before the last."));
        var panel = RenderCertificate(null);

        panel.Find("button").Click();

        panel.WaitForAssertion(() => Assert.Contains("no checkpoint before the last", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Segments_ShowKeptAndLostStepsInPlace()
    {
        ImmutableArray<Attempt> attempts =
        [
            new() { Epoch = 1, From = 0, Done = 150, UnitsLost = 50, State = WorkState.Failed, Failure = FailureKind.NodeLost, Ended = SampleLab.Now },
            new() { Epoch = 2, From = 100, Done = 300, State = WorkState.Running },
        ];

        var lanes = Render<AttemptSegments>(it => it.Add(control => control.Attempts, attempts).Add(control => control.Steps, 400)).FindAll(".lanes li");

        Assert.Equal(["left:25%;width:50%"], Bars(lanes[0]));
        Assert.Equal(["left:0%;width:25%", "left:25%;width:12.5%"], Bars(lanes[1]));
        Assert.Equal("Attempt 1: steps 0 to 150, worker lost, 50 steps done again", lanes[1].QuerySelector(".sr-only")!.TextContent);
    }

    [Fact]
    public void Events_OfARunThatLostItsWorker_AreNewestFirst()
    {
        var events = RunEvents.Of(Lab.Runs[Run] with { Certificate = new ResumeCertificateView { Verdict = "identical", Made = SampleLab.Now } }, []);

        Assert.Equal(["certificate", "completed", "started", "worker lost", "checkpoint", "started"], events.Select(happened => happened.Kind));
        Assert.Equal("Attempt 1 ended at step 218; 18 steps are done again. The worker was unheard of for 30 s; the run goes on from the checkpoint after step 200.", events[3].Text);
        var panel = Render<EventsPanel>(it => it.Add(control => control.Events, events).Add(control => control.Now, SampleLab.Now));
        Assert.Equal(6, panel.FindAll("li").Count);
    }

    [Theory]
    [InlineData(WorkState.Queued, WorkState.None, WorkActions.Pause | WorkActions.Cancel)]
    [InlineData(WorkState.Running, WorkState.None, WorkActions.Pause | WorkActions.Cancel)]
    [InlineData(WorkState.Running, WorkState.Paused, WorkActions.Resume | WorkActions.Cancel)]
    [InlineData(WorkState.Running, WorkState.Cancelled, WorkActions.Retry)]
    [InlineData(WorkState.Paused, WorkState.None, WorkActions.Resume | WorkActions.Cancel)]
    [InlineData(WorkState.Failed, WorkState.None, WorkActions.Retry)]
    [InlineData(WorkState.Cancelled, WorkState.None, WorkActions.Retry)]
    [InlineData(WorkState.Completed, WorkState.None, WorkActions.Continue)]
    [InlineData(WorkState.None, WorkState.None, WorkActions.None)]
    public void Actions_OfARun_AreThoseThatDoSomething(WorkState state, WorkState wanted, WorkActions expected) =>
        Assert.Equal(expected, OfferedActions.Of(new WorkView { State = state, Wanted = wanted }));

    [Fact]
    public void Actions_OfARunThatWaitsAfterAFailure_AreToTryItNowToo() =>
        Assert.Equal(WorkActions.Pause | WorkActions.Cancel | WorkActions.Retry, OfferedActions.Of(new WorkView { State = WorkState.Queued, NotBefore = SampleLab.Now }));

    private static IEnumerable<string?> Bars(AngleSharp.Dom.IElement lane) => lane.QuerySelectorAll(".bar").Select(bar => bar.GetAttribute("style"));

    private IRenderedComponent<CertificatePanel> RenderCertificate(ResumeCertificateView? certificate) => Render<CertificatePanel>(it => it
        .Add(control => control.Run, Run)
        .Add(control => control.State, WorkState.Completed)
        .Add(control => control.Certificate, certificate)
        .Add(control => control.Now, SampleLab.Now));
}
