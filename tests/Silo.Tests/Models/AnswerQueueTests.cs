using SlungOrleans.Contracts;
using SlungOrleans.Silo.Models;

namespace SlungOrleans.Silo.Tests.Models;

public sealed class AnswerQueueTests
{
    [Fact]
    public async Task Run_ManyPieces_AreDoneInOrderOnOneThread()
    {
        using var queue = new AnswerQueue();
        var order = new List<int>();
        var threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => queue.RunAsync(_ =>
        {
            order.Add(i);
            return Environment.CurrentManagedThreadId;
        }, CancellationToken.None)));

        Assert.Equal(Enumerable.Range(0, 20), order);
        Assert.Single(threads.Distinct());
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
    }

    [Fact]
    public async Task Run_MoreThanMayWait_IsRefusedAndTheOthersAreAnswered()
    {
        using var queue = new AnswerQueue();
        using var started = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var first = queue.RunAsync(_ =>
        {
            started.Set();
            gate.Wait();
            return 0;
        }, CancellationToken.None);
        started.Wait();
        var waiting = Enumerable.Range(1, AnswerQueue.MostWaiting).Select(i => queue.RunAsync(_ => i, CancellationToken.None)).ToArray();

        var refusal = await Assert.ThrowsAsync<LabException>(() => queue.RunAsync(_ => -1, CancellationToken.None));

        Assert.Contains("wait for the models already", refusal.Message, StringComparison.Ordinal);
        gate.Set();
        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(1, AnswerQueue.MostWaiting), await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Run_CancelledWhileItWaits_EndsAtOnceAndIsNeverDone()
    {
        using var queue = new AnswerQueue();
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var done = false;
        var first = queue.RunAsync(_ =>
        {
            gate.Wait();
            return 0;
        }, CancellationToken.None);
        var second = queue.RunAsync(_ => done = true, cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Set();
        await first;
        await queue.RunAsync(_ => 0, CancellationToken.None);

        Assert.False(done);
    }

    [Fact]
    public async Task Run_WorkThatFails_FailsItsCallerAlone()
    {
        using var queue = new AnswerQueue();

        await Assert.ThrowsAsync<InvalidDataException>(() => queue.RunAsync<int>(_ => throw new InvalidDataException(), CancellationToken.None));

        Assert.Equal(7, await queue.RunAsync(_ => 7, CancellationToken.None));
    }
}
