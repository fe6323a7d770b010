using System.Collections.Concurrent;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Models;

/// <summary>
/// Work done one piece at a time on one thread, in the order in which it was asked for: however many people ask, training is left all cores but one.
/// </summary>
internal sealed class AnswerQueue : IDisposable
{
    /// <summary>Most pieces of work that wait.</summary>
    public const int MostWaiting = 32;

    private readonly BlockingCollection<Action> _waiting = new(MostWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    public AnswerQueue()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "models", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Does a piece of work.</summary>
    /// <param name="work">The work; told when nobody waits for it any more.</param>
    /// <param name="cancellation">Ends the waiting at once, and the work where it looks.</param>
    /// <exception cref="LabException">Too many wait already.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        var token = ended.Token;
        token.ThrowIfCancellationRequested();
        await using var registration = token.Register(() => answer.TrySetCanceled(token));
        if (!_waiting.TryAdd(() => Answer(work, answer, token)))
        {
            throw new LabException($"{MostWaiting} questions wait for the models already; please ask again in a moment.");
        }

        return await answer.Task;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        _stop.Dispose();
    }

    private static void Answer<T>(Func<CancellationToken, T> work, TaskCompletionSource<T> answer, CancellationToken token)
    {
        if (answer.Task.IsCompleted)
        {
            return;
        }

        try
        {
            answer.TrySetResult(work(token));
        }
        catch (OperationCanceledException)
        {
            answer.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception exception)
        {
            answer.TrySetException(exception);
        }
    }

    private void Work()
    {
        foreach (var work in _waiting.GetConsumingEnumerable())
        {
            work();
        }
    }
}
