using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>A grain whose work studies wait for: it tells them of every change and keeps a reminder until the work has ended.</summary>
internal abstract class WatchedWorkGrain<TState>(IPersistentState<TState> state, TimeProvider time, ILogger logger)
    : WorkGrain<TState>(state, time, logger)
    where TState : WatchedWorkGrainState, new()
{
    private bool _watching;

    /// <summary>Asks for the work (again, if it failed or was cancelled) and has the study told of changes.</summary>
    protected async Task QueueAsync(WorkKind kind, string? study)
    {
        if (study is not null && !State.Watchers.Contains(study))
        {
            State.Watchers = State.Watchers.Add(study);
        }

        var queued = Work.Queue(kind, Key);
        if (!ReferenceEquals(queued, Work))
        {
            await ChangeAsync(queued);
            return;
        }

        await PersistAsync();
        await BringBackAsync();
        await OnChangedAsync();
    }

    protected override async Task OnChangedAsync()
    {
        if (_watching == Work.HasEnded)
        {
            _watching = !Work.HasEnded;
            await (_watching ? KeepWatchAsync() : EndWatchAsync());
        }

        var view = Work.ToView();
        foreach (var study in State.Watchers)
        {
            await GrainFactory.GetGrain<IStudyGrain>(study).WorkChangedAsync(view);
        }
    }
}

/// <summary>The state of a grain whose work studies wait for.</summary>
[GenerateSerializer, Alias("watched-work-grain-state")]
internal class WatchedWorkGrainState : WorkGrainState
{
    [Id(0)] public ImmutableArray<string> Watchers { get; set; } = [];
}
