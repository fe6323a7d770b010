using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;

namespace Orleans.Storage;

// A piece of a grain's state: JSON in a row of the database, with the number of the write as its tag. Operations are done in the
// order they are asked for; the state is written as it is when its turn comes.
internal sealed class PersistentState<TState>(Database database, Activation activation, string name) : IPersistentState<TState>
{
    private const string ReadSql = "SELECT version, payload FROM grain_state WHERE grain_id = $0 AND name = $1";
    private const string InsertSql = "INSERT INTO grain_state VALUES ($0, $1, 1, $2) ON CONFLICT DO NOTHING RETURNING version";
    private const string UpdateSql = "UPDATE grain_state SET version = version + 1, payload = $2 WHERE grain_id = $0 AND name = $1 AND version = $3 RETURNING version";

    private readonly string _grain = activation.GrainId.ToString();
    private Task _last = Task.CompletedTask;

    public TState State { get; set; } = Activator.CreateInstance<TState>();

    public string? Etag { get; private set; }

    public bool RecordExists { get; private set; }

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => InOrder("read", async () =>
    {
        var row = await database.RunAsync(
            session => session.Query(reader => (Version: reader.GetInt64(0), Payload: reader.IsDBNull(1) ? null : reader.GetString(1)), ReadSql, _grain, name)
                .Cast<(long Version, string? Payload)?>().FirstOrDefault(),
            cancellationToken);
        State = (row?.Payload is { } payload ? JsonSerializer.Deserialize<TState>(payload, StateJson.Options) : default) ?? Activator.CreateInstance<TState>();
        Etag = row?.Version.ToString(CultureInfo.InvariantCulture);
        RecordExists = row?.Payload is not null;
    });

    public Task WriteStateAsync(CancellationToken cancellationToken) => InOrder("written", async () =>
    {
        await PutAsync(JsonSerializer.Serialize(State, StateJson.Options), cancellationToken);
        RecordExists = true;
    });

    // The row is kept, so that its tags go on rising.
    public Task ClearStateAsync(CancellationToken cancellationToken) => InOrder("cleared", async () =>
    {
        if (Etag is not null)
        {
            await PutAsync(null, cancellationToken);
        }

        State = Activator.CreateInstance<TState>();
        RecordExists = false;
    });

    private async Task PutAsync(string? payload, CancellationToken cancellationToken)
    {
        var known = Etag is null ? (long?)null : long.Parse(Etag, CultureInfo.InvariantCulture);
        var (written, stored) = await database.RunAsync(
            session =>
            {
                var version = known is null ? session.Scalar(InsertSql, _grain, name, payload) : session.Scalar(UpdateSql, _grain, name, payload, known);
                return version is not null ? (true, version) : (false, session.Scalar(ReadSql, _grain, name));
            },
            cancellationToken);
        var etag = stored is null ? null : ((long)stored).ToString(CultureInfo.InvariantCulture);
        if (!written)
        {
            throw new InconsistentStateException($"The state '{name}' of {_grain} was changed by another writer: it has the tag {etag ?? "none"}; expected {Etag ?? "none"}.", etag, Etag);
        }

        Etag = etag;
    }

    private Task InOrder(string what, Func<Task> operation)
    {
        activation.ThrowIfOutside();
        return _last = RunAfterAsync(_last, what, operation);
    }

    private async Task RunAfterAsync(Task previous, string what, Func<Task> operation)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await operation();
        }
        catch (Exception exception) when (exception is not (OrleansException or OperationCanceledException))
        {
            throw new OrleansException($"The state '{name}' of {_grain} could not be {what}: {exception.Message}", exception);
        }
    }
}
