using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class DevicePoolGrainTests
{
    private static readonly WorkTicket Train = new(WorkKind.Train, "run");
    private static readonly WorkTicket Later = new(WorkKind.Train, "later");
    private static readonly WorkTicket Evaluate = new(WorkKind.Evaluate, "evaluation");

    [Fact]
    public async Task Acquire_TrainingAndEvaluationQueued_LendsToTheEvaluationFirst()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train);
        await host.Pool.EnqueueAsync(Evaluate);
        var worker = await host.JoinAsync("silo");

        var lease = await host.Pool.AcquireAsync(worker.Name, TestWorker.Device);

        Assert.Equal(Evaluate, lease!.Ticket);
    }

    [Fact]
    public async Task Acquire_DeviceLentAlready_AnswersWithTheSameLease()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train);
        await host.Pool.EnqueueAsync(Evaluate);
        var worker = await host.JoinAsync("silo");
        var lease = await host.Pool.AcquireAsync(worker.Name, TestWorker.Device);

        Assert.Equal(lease, await host.Pool.AcquireAsync(worker.Name, TestWorker.Device));
        await host.Pool.ReleaseAsync(lease!);
        Assert.Equal(Train, (await host.Pool.AcquireAsync(worker.Name, TestWorker.Device))!.Ticket);
    }

    [Fact]
    public async Task Acquire_WorkAskedForAgainWhileLent_WaitsForTheEndOfItsLease()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train);
        var first = await host.JoinAsync("first");
        var second = await host.JoinAsync("second");
        var lease = await host.Pool.AcquireAsync(first.Name, TestWorker.Device);
        await host.Pool.EnqueueAsync(Train);

        Assert.Null(await host.Pool.AcquireAsync(second.Name, TestWorker.Device));
        await host.Pool.ReleaseAsync(lease!);
        Assert.Equal(Train, (await host.Pool.AcquireAsync(second.Name, TestWorker.Device))!.Ticket);
    }

    [Fact]
    public async Task Acquire_WorkForAnotherKindOfDevice_LetsOthersByAndWaitsForItsOwn()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train with { Device = "cuda" });
        await host.Pool.EnqueueAsync(Later);
        var small = await host.JoinAsync("laptop");
        Assert.Equal(Later, (await host.Pool.AcquireAsync(small.Name, TestWorker.Device))!.Ticket);

        await host.Pool.OfferAsync(new WorkerOffer { Worker = "server/1", Silo = "server", Devices = ["cuda:1"] });
        var lease = await host.Pool.AcquireAsync("server/1", "cuda:1");

        Assert.Equal(Train, lease!.Ticket);
    }

    [Fact]
    public async Task Leave_WorkerWithWorkForAKindOfDevice_StillWaitsForThatKindAfterARestart()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train with { Device = "cuda:1" });
        await host.Pool.OfferAsync(new WorkerOffer { Worker = "server/1", Silo = "server", Devices = ["cuda:0", "cuda:1"] });
        Assert.Null(await host.Pool.AcquireAsync("server/1", "cuda:0"));
        Assert.NotNull(await host.Pool.AcquireAsync("server/1", "cuda:1"));

        await host.Pool.LeaveAsync("server/1");
        await host.StopAsync();
        await host.StartAgainAsync();

        Assert.Equal("cuda:1", Assert.Single((await host.Pool.GetAsync()).Queue).Device);
        var small = await host.JoinAsync("laptop");
        Assert.Null(await host.Pool.AcquireAsync(small.Name, TestWorker.Device));
    }

    [Theory]
    [InlineData("stranger/1", TestWorker.Device)]
    [InlineData("silo/1", "cpu:7")]
    public async Task Acquire_WorkerOrDeviceNotOffered_LendsNothing(string worker, string device)
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train);
        await host.JoinAsync("silo");

        Assert.Null(await host.Pool.AcquireAsync(worker, device));
    }

    [Fact]
    public async Task Enqueue_Twice_QueuesOnce()
    {
        await using var host = await GrainHost.StartAsync();

        await host.Pool.EnqueueAsync(Train);
        await host.Pool.EnqueueAsync(Train);

        Assert.Single((await host.Pool.GetAsync()).Queue);
    }

    [Fact]
    public async Task Enqueue_WorkThatOthersWaitFor_StandsBeforeTrainings()
    {
        await using var host = await GrainHost.StartAsync();
        foreach (var ticket in new[] { Train, Evaluate, Later, new WorkTicket(WorkKind.Tag, "tagging") })
        {
            await host.Pool.EnqueueAsync(ticket);
        }

        Assert.Equal(["evaluation", "tagging", "run", "later"], await QueueAsync(host));
    }

    [Theory]
    [InlineData("run", "evaluation", "run evaluation later")]
    [InlineData("evaluation", null, "run later evaluation")]
    [InlineData("later", "run", "evaluation later run")]
    [InlineData("run", "run", "evaluation run later")]
    public async Task Move_Twice_StandsWhereItWasPutAndIsLentInThatOrder(string key, string? before, string expected)
    {
        await using var host = await GrainHost.StartAsync();
        WorkTicket[] all = [Train, Evaluate, Later];
        foreach (var ticket in all)
        {
            await host.Pool.EnqueueAsync(ticket);
        }

        for (var time = 0; time < 2; time++)
        {
            await host.Pool.MoveAsync(all.Single(ticket => ticket.Key == key), all.SingleOrDefault(ticket => ticket.Key == before));
            Assert.Equal(expected, string.Join(' ', await QueueAsync(host)));
        }

        await host.StopAsync();
        await host.StartAgainAsync();
        Assert.Equal(expected, string.Join(' ', await QueueAsync(host)));
        var worker = await host.JoinAsync("silo");
        Assert.Equal(expected.Split(' ')[0], (await host.Pool.AcquireAsync(worker.Name, TestWorker.Device))!.Ticket.Key);
    }

    [Fact]
    public async Task Move_WorkThatDoesNotWait_SaysSo()
    {
        await using var host = await GrainHost.StartAsync();
        await host.Pool.EnqueueAsync(Train);

        Assert.Contains("'later' does not wait", (await Assert.ThrowsAsync<LabException>(() => host.Pool.MoveAsync(Later, null))).Message, StringComparison.Ordinal);
        Assert.Contains("'later' does not wait", (await Assert.ThrowsAsync<LabException>(() => host.Pool.MoveAsync(Train, Later))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leave_WorkerWithALease_PutsItsWorkBackInFront()
    {
        await using var host = await GrainHost.StartAsync();
        var worker = await host.JoinAsync("silo");
        await host.Pool.EnqueueAsync(Train);
        await host.Pool.AcquireAsync(worker.Name, TestWorker.Device);
        await host.Pool.EnqueueAsync(new WorkTicket(WorkKind.Train, "later"));

        await host.Pool.LeaveAsync(worker.Name);

        var view = await host.Pool.GetAsync();
        Assert.Equal(["run", "later"], view.Queue.Select(ticket => ticket.Key));
        Assert.Empty(view.Leases);
    }

    [Fact]
    public async Task Offer_NewProcessOfTheSameSilo_TakesBackWhatTheOldOneHeld()
    {
        await using var host = await GrainHost.StartAsync();
        var old = await host.JoinAsync("silo", "old");
        await host.Pool.EnqueueAsync(Train);
        await host.Pool.AcquireAsync(old.Name, TestWorker.Device);
        await host.JoinAsync("another-silo");

        Assert.Empty((await host.Pool.GetAsync()).Queue);
        await host.JoinAsync("silo", "new");

        Assert.Equal(Train, Assert.Single((await host.Pool.GetAsync()).Queue));
    }

    private static async Task<IEnumerable<string>> QueueAsync(GrainHost host) => (await host.Pool.GetAsync()).Queue.Select(ticket => ticket.Key);
}
