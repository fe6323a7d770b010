using System.Collections.Concurrent;
using Orleans.Storage;

namespace EmbeddedOrleans.Tests;

/// <summary>States and reminders that outlive the silos of a test, where Orleans has no database.</summary>
internal sealed class KeptData : IReminderTable
{
    private static readonly ConcurrentDictionary<string, KeptData> All = new();

    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _reminders = new();

    public ConcurrentDictionary<(GrainId Grain, string Name), (string Etag, BinaryData? Payload)> States { get; } = new();

    public static KeptData Of(string name) => All.GetOrAdd(name, _ => new());

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        Task.FromResult(new ReminderTableData(_reminders.Values.Where(entry => entry.GrainId == grainId).OrderBy(entry => entry.ReminderName)));

    // One silo has the whole ring, whatever the ends of the range.
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData(_reminders.Values));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(_reminders.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Guid.NewGuid().ToString();
        _reminders[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(
        _reminders.TryGetValue((grainId, reminderName), out var entry) && entry.ETag == eTag && _reminders.TryRemove((grainId, reminderName), out _));

    public Task TestOnlyClearTable()
    {
        _reminders.Clear();
        return Task.CompletedTask;
    }
}

/// <summary>Stores states in Orleans' own format. Its default, Newtonsoft.Json with references preserved, cannot read an ImmutableDictionary.</summary>
internal sealed class KeptGrainStorage(KeptData kept, IGrainStorageSerializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = kept.States.TryGetValue((grainId, stateName), out var record);
        grainState.ETag = found ? record.Etag : null;
        grainState.RecordExists = record.Payload is not null;
        grainState.State = record.Payload is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(record.Payload);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Put(stateName, grainId, grainState, serializer.Serialize(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Put(stateName, grainId, grainState, null);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private void Put<T>(string stateName, GrainId grainId, IGrainState<T> grainState, BinaryData? payload)
    {
        var known = kept.States.TryGetValue((grainId, stateName), out var record) ? record.Etag : null;
        if (known != grainState.ETag)
        {
            throw new InconsistentStateException($"The state '{stateName}' of {grainId} was changed.", known, grainState.ETag);
        }

        grainState.ETag = Guid.NewGuid().ToString();
        kept.States[(grainId, stateName)] = (grainState.ETag, payload);
    }
}
