using System.Collections.Immutable;
using Orleans.Concurrency;

namespace EmbeddedOrleans.Tests;

public enum Mood
{
    Calm,
    Cheerful,
}

[GenerateSerializer, Alias("tests-page")]
public sealed record Page([property: Id(0)] int Number, [property: Id(1)] string Text);

[GenerateSerializer, Alias("tests-notebook")]
public sealed record Notebook
{
    [Id(0)] public string Title { get; init; } = "untitled";

    [Id(1)] public ImmutableArray<Page> Pages { get; init; } = [];

    [Id(2)] public ImmutableDictionary<string, double> Numbers { get; init; } = ImmutableDictionary<string, double>.Empty;

    [Id(3)] public Mood Mood { get; init; } = Mood.Cheerful;

    [Id(4)] public DateTimeOffset Written { get; init; }

    [Id(5)] public Page? Cover { get; init; }

    [Id(6)] public long? Copies { get; init; } = 3;
}

[GenerateSerializer, Alias("tests-stored")]
public sealed record Stored([property: Id(0)] Notebook State, [property: Id(1)] bool Exists, [property: Id(2)] string? Etag);

[Alias("tests-notebook-grain")]
public interface INotebookGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task<Stored> WriteAsync(Notebook notebook);

    [Alias("write-interleaved"), AlwaysInterleave]
    Task WriteInterleavedAsync(string title);

    [Alias("get")]
    Task<Stored> GetAsync();

    [Alias("read-again")]
    Task<Stored> ReadAgainAsync();

    [Alias("clear")]
    Task<Stored> ClearAsync();

    [Alias("write-second")]
    Task WriteSecondAsync(string title);

    [Alias("get-second")]
    Task<string> GetSecondAsync();
}

public sealed class NotebookGrain(
    Probe probe,
    [PersistentState("notebook", "store")] IPersistentState<Notebook> notebook,
    [PersistentState("second", "store")] IPersistentState<Notebook> second) : Grain, INotebookGrain
{
    private Stored Stored => new(notebook.State, notebook.RecordExists, notebook.Etag);

    public async Task<Stored> WriteAsync(Notebook value)
    {
        notebook.State = value;
        await notebook.WriteStateAsync();
        return Stored;
    }

    public async Task WriteInterleavedAsync(string title)
    {
        notebook.State = notebook.State with { Title = title };
        await notebook.WriteStateAsync();
    }

    public Task<Stored> GetAsync() => Task.FromResult(Stored);

    public async Task<Stored> ReadAgainAsync()
    {
        await notebook.ReadStateAsync();
        return Stored;
    }

    public async Task<Stored> ClearAsync()
    {
        await notebook.ClearStateAsync();
        return Stored;
    }

    public Task WriteSecondAsync(string title)
    {
        second.State = second.State with { Title = title };
        return second.WriteStateAsync();
    }

    public Task<string> GetSecondAsync() => Task.FromResult(second.State.Title);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note($"notebook deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }
}
