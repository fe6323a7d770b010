using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class StudyGrainTests
{
    [Fact]
    public async Task Launch_EveryWorkCompletes_GoesThroughAllStagesToVerdicts()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await LaunchAsync(host);
        var worker = await host.JoinAsync("silo");

        var done = new List<WorkTicket>();
        do
        {
            done.Add(await worker.FinishNextAsync(Complete));
        }
        while (done[^1].Kind != WorkKind.Compare);

        await UntilStageAsync(study, StudyStage.Completed);
        var view = await study.GetAsync();
        Assert.Equal(["a verdict"], view.Verdicts.AsEnumerable());
        Assert.Equal(2, done.Count(ticket => ticket.Kind == WorkKind.Import));
        Assert.Single(done, ticket => ticket.Kind == WorkKind.Tag);
        Assert.Single(done, ticket => ticket.Kind == WorkKind.Prepare);
        Assert.Equal(4, done.Count(ticket => ticket.Kind == WorkKind.Train));
        Assert.Equal(4 * 2, done.Count(ticket => ticket.Kind == WorkKind.Evaluate));
        Assert.All(view.Runs, run => Assert.Equal((WorkState.Completed, 2, 2), (run.State, run.EvaluationsDone, run.Evaluations)));
        var summary = Assert.Single(await host.Grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync());
        Assert.Equal((StudyStage.Completed, 4, 4), (summary.Stage, summary.RunsDone, summary.Runs));
    }

    [Fact]
    public async Task Launch_ImportFails_FailsWithItsReason()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await LaunchAsync(host);
        var worker = await host.JoinAsync("silo");

        await worker.FinishNextAsync(_ => new WorkOutcome { State = WorkState.Failed, Failure = FailureKind.Poison, Message = "no such file" });

        await UntilStageAsync(study, StudyStage.Failed);
        Assert.Contains("no such file", (await study.GetAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launch_OneRunFails_CompletesAndSaysWhatIsMissing()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        var failed = false;
        WorkTicket done;
        do
        {
            done = await worker.FinishNextAsync(ticket =>
            {
                if (ticket.Kind == WorkKind.Train && !failed)
                {
                    failed = true;
                    return new WorkOutcome { State = WorkState.Failed, Failure = FailureKind.Diverged, Message = "not a number" };
                }

                return Complete(ticket);
            });
        }
        while (done.Kind != WorkKind.Compare);

        await UntilStageAsync(study, StudyStage.Completed);
        var view = await study.GetAsync();
        Assert.Contains("Incomplete", view.Message, StringComparison.Ordinal);
        Assert.Equal("not a number", Assert.Single(view.Runs, run => run.State == WorkState.Failed).Message);
    }

    [Fact]
    public async Task Launch_Again_GoesOnOrSaysWhyNot()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await LaunchAsync(host);

        await study.LaunchAsync(Study());
        var other = await Assert.ThrowsAsync<LabException>(() => study.LaunchAsync(Study() with { Description = "another" }));
        await study.CancelAsync();
        var ended = await Assert.ThrowsAsync<LabException>(() => study.LaunchAsync(Study()));

        Assert.Contains("another specification", other.Message, StringComparison.Ordinal);
        Assert.Contains("already (cancelled)", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_InTheMiddleOfARun_GoesOnWithAHigherEpoch()
    {
        await using var host = await GrainHost.StartAsync();
        await LaunchAsync(host);
        var worker = await host.JoinAsync("silo", "first");
        WorkTicket done;
        do
        {
            done = await worker.FinishNextAsync(Complete);
        }
        while (done.Kind != WorkKind.Prepare);
        var (lease, _, epoch) = await worker.TakeAsync();
        await host.StopAsync();

        await host.StartAgainAsync();
        var study = host.Grains.GetGrain<IStudyGrain>("small");
        Assert.Equal(StudyStage.Running, (await study.GetAsync()).Stage);
        var next = await host.JoinAsync("silo", "second");
        var (again, grain, newEpoch) = await next.TakeAsync();

        Assert.Equal(lease.Ticket, again.Ticket);
        Assert.Equal(epoch + 1, newEpoch);
        Assert.Equal(WorkDirective.Lost, await grain.ReportAsync(epoch, new WorkProgress()));
        Assert.Equal(WorkDirective.Continue, await grain.ReportAsync(newEpoch, new WorkProgress()));
    }

    [Fact]
    public async Task Cancel_RunningStudy_StopsItsWork()
    {
        await using var host = await GrainHost.StartAsync();
        var study = await LaunchAsync(host);
        var worker = await host.JoinAsync("silo");
        WorkTicket done;
        do
        {
            done = await worker.FinishNextAsync(Complete);
        }
        while (done.Kind != WorkKind.Prepare);
        var (lease, grain, epoch) = await worker.TakeAsync();

        await study.CancelAsync();

        Assert.Equal(WorkDirective.Stop, await grain.ReportAsync(epoch, new WorkProgress()));
        await grain.FinishAsync(epoch, new WorkOutcome { State = WorkState.Queued });
        await host.Pool.ReleaseAsync(lease);
        Assert.Equal(StudyStage.Cancelled, (await study.GetAsync()).Stage);
        Assert.Equal(WorkState.Cancelled, (await host.Grains.GetGrain<ITrainingRunGrain>(lease.Ticket.Key).GetAsync()).Training.State);
        await Wait.UntilAsync(async () => (await host.Pool.GetAsync()).Queue.IsEmpty, "an empty queue");
    }

    [Fact]
    public async Task Import_SameNameFromAnotherSource_IsRefused()
    {
        await using var host = await GrainHost.StartAsync();
        var corpus = host.Grains.GetGrain<ICorpusGrain>("words");
        await corpus.ImportAsync(new CorpusSpecification { Name = "words", Path = "a.txt" }, null);

        await corpus.ImportAsync(new CorpusSpecification { Name = "words", Path = "a.txt" }, null);
        var exception = await Assert.ThrowsAsync<LabException>(() => corpus.ImportAsync(new CorpusSpecification { Name = "words", Path = "b.txt" }, null));

        Assert.Contains("another corpus named 'words'", exception.Message, StringComparison.Ordinal);
    }

    internal static async Task<IStudyGrain> LaunchAsync(GrainHost host)
    {
        var study = host.Grains.GetGrain<IStudyGrain>("small");
        await study.LaunchAsync(Study());
        return study;
    }

    internal static Task UntilStageAsync(IStudyGrain study, StudyStage stage) =>
        Wait.UntilAsync(async () => (await study.GetAsync()).Stage == stage, $"stage {stage}");

    internal static WorkOutcome Complete(WorkTicket ticket)
    {
        var outcome = new WorkOutcome { State = WorkState.Completed, Artefact = $"{ticket.Kind}-artefact".ToLowerInvariant() };
        return ticket.Kind == WorkKind.Compare ? outcome with { Names = outcome.Names.Add("full", "a verdict") } : outcome;
    }

    private static StudySpecification Study() => new()
    {
        Name = "small",
        Corpora =
        [
            new CorpusSpecification { Name = "base", Synthetic = new SyntheticSpecification() },
            new CorpusSpecification { Name = "pool", Synthetic = new SyntheticSpecification { Part = "high-risk" } },
        ],
        Data = new DataSpecification { Base = ["base"], HighRisk = ["pool"] },
        Arms = [new ArmSpecification { Name = "full" }, new ArmSpecification { Name = "low-risk", Data = "filtered" }],
        Seeds = [0, 1],
        Amounts = [0.5],
        Evaluation = new EvaluationSpecification { Recognition = ["base"] },
    };
}
