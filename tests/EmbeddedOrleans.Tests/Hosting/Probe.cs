using System.Collections.Concurrent;

namespace EmbeddedOrleans.Tests;

/// <summary>What tests see of grains, and how they hold them back.</summary>
public sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<string> _notes = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _holds = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate)
            {
                return [.. _notes];
            }
        }
    }

    public void Note(string note)
    {
        lock (_gate)
        {
            _notes.Add(note);
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public int Count(string note) => Notes.Count(other => other == note);

    public async Task WaitForAsync(string note, int count = 1)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_notes.Count(other => other == note) >= count)
                {
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {Patience} for '{note}' {count} times; noted: {string.Join(", ", Notes)}.");
            }
        }
    }

    /// <summary>Notes that a grain has come to a place and holds it there until the place is released.</summary>
    public Task HoldAsync(string place)
    {
        Note($"at {place}");
        return Hold(place).Task;
    }

    public void Release(string place) => Hold(place).TrySetResult();

    private TaskCompletionSource Hold(string place) =>
        _holds.GetOrAdd(place, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
